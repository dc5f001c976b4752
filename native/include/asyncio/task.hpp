// Tasks.
#pragma once

#include <charconv>
#include <cstdint>
#include <iosfwd>
#include <set>

#include <asyncio/coro.hpp>
#include <asyncio/detail/value_text.hpp>
#include <asyncio/task_options.hpp>

namespace asyncio {

namespace detail {

TaskId next_task_id() noexcept;

template <class T>
class TaskState final : public FutureState<T>, public TaskCore {
 public:
  TaskState(EventLoop& loop, std::string&& name)
      : FutureState<T>(loop, "task", next_task_id()), TaskCore(loop, *this, std::move(name)) {}

  // Once, right after construction.
  void start(PromiseBase& root, const std::source_location& loc) {
    call_.set_frame(root.handle());
    TaskCore::start(root, call_, loc);
  }
  void start(PromiseBase& root, const TaskOptions& options, const std::source_location& loc) {
    call_.set_frame(root.handle());
    TaskCore::start(root, call_, options, loc);
  }
  bool cancel(const std::string& message) override { return cancel_task(message); }
  TaskCore* task() noexcept override { return this; }
  std::string text() const override { return task_text(); }

 private:
  void complete() override {
    if (const std::exception_ptr exception = call_.end_quietly()) {
      fail(exception);
    } else if (must_cancel_) {
      set_cancelled_task();
    } else if constexpr (std::is_void_v<T>) {
      this->set_result();
    } else {
      try {
        this->set_result(call_.take());
      } catch (...) {  // out of its move constructor
        this->set_exception(std::current_exception());
      }
    }
  }
  void destroy_frame() noexcept override { call_.drop_frame(); }
  std::optional<std::string> result_text() const override {
    if constexpr (std::is_void_v<T>) {
      return std::nullopt;
    } else {
      return this->value_ ? value_text(*this->value_) : std::nullopt;
    }
  }
  void note_done() override { note_task_done(); }

  CallOf<T> call_{nullptr};
};

}  // namespace detail

struct FrameCallGraphEntry;  // see call_graph.hpp

// Any task, whatever its result: what current_task() and all_tasks() speak of.
class AnyTask {
 public:
  explicit AnyTask(detail::TaskCore& core) noexcept : future_(&core.future()), core_(&core) {}

  std::string get_name() const { return core_->name(); }
  void set_name(std::string name) const { core_->set_name(std::move(name)); }
  TaskId id() const noexcept { return core_->id(); }
  // asyncio: Task.get_context
  Context get_context() const { return core_->context(); }
  bool done() const noexcept { return future_->done(); }
  bool cancelled() const noexcept { return future_->cancelled(); }
  bool cancel(const std::string& message = {}) const { return future_->cancel(message); }
  unsigned cancelling() const noexcept { return core_->cancelling(); }
  unsigned uncancel() const noexcept { return core_->uncancel(); }
  // Its coroutines that are suspended, outermost first, at most the `limit` innermost; none of a
  // task that is done, or is making a step. asyncio: Task.get_stack
  std::vector<FrameCallGraphEntry> get_stack(std::size_t limit = SIZE_MAX) const;
  // The same as text, to standard error or to `out`. asyncio: Task.print_stack
  void print_stack(std::size_t limit = SIZE_MAX) const;
  void print_stack(std::ostream& out, std::size_t limit = SIZE_MAX) const;
  friend bool operator==(const AnyTask& a, const AnyTask& b) noexcept { return a.core_ == b.core_; }

  // For the library.
  detail::TaskCore& core() const noexcept { return *core_; }
  const detail::Ref<detail::FutureBase>& shared() const noexcept { return future_; }

 private:
  detail::Ref<detail::FutureBase> future_;
  detail::TaskCore* core_;
};

// Task(coroutine, eager_start): begins at once.
struct eager_start_t {};
inline constexpr eager_start_t eager_start;

// A coroutine with turns of its own, and the future of its result. A handle: copies are the same
// task, and dropping them does not stop it.
// asyncio: Task
template <class T = void>
class Task : public Future<T> {
 public:
  Task() = default;
  explicit Task(detail::Ref<detail::TaskState<T>> state) noexcept
      : Future<T>(detail::Ref<detail::FutureState<T>>(state.get())) {}
  // Runs `coro` up to its first wait now, within the caller's step, and then as any other task;
  // what does not wait is done when the constructor returns. Asks no task factory.
  // asyncio: Task(coro, eager_start=True)
  Task(Coro<T> coro, eager_start_t, std::string name = {},
       std::source_location loc = std::source_location::current());

  // CancelledError is thrown into the coroutine at its await, in its next step; it may clean up, or
  // refuse by catching it. False when it is done. asyncio: Task.cancel
  bool cancel(const std::string& message = {}) const { return Future<T>::cancel(message); }
  // Requests not taken back by uncancel(). asyncio: Task.cancelling
  unsigned cancelling() const { return core().cancelling(); }
  unsigned uncancel() const { return core().uncancel(); }
  std::string get_name() const { return core().name(); }
  void set_name(std::string name) const { core().set_name(std::move(name)); }
  // asyncio: Task.get_context
  Context get_context() const { return core().context(); }
  operator AnyTask() const { return AnyTask(core()); }
  // As AnyTask's.
  std::vector<FrameCallGraphEntry> get_stack(std::size_t limit = SIZE_MAX) const;
  void print_stack(std::size_t limit = SIZE_MAX) const { AnyTask(core()).print_stack(limit); }
  void print_stack(std::ostream& out, std::size_t limit = SIZE_MAX) const {
    AnyTask(core()).print_stack(out, limit);
  }

  // asyncio: "Task does not support set_result operation"
  template <class... V>
  void set_result(V&&...) const = delete;
  template <class E>
  void set_exception(E&&) const = delete;

 private:
  detail::TaskCore& core() const { return static_cast<detail::TaskState<T>&>(this->state()); }
};

namespace detail {

template <class T>
Task<T> make_task(EventLoop& loop, Coro<T> coro, TaskOptions options,
                  const std::source_location& loc) {
  Ref state(new TaskState<T>(loop, std::move(options.name)));
  state->start(coro.begin(), options, loc);
  return Task<T>(std::move(state));
}

// As the loop's task factory wants it.
template <class T>
Task<T> make_task_by_factory(EventLoop& loop, const TaskFactory& factory, Coro<T> coro,
                             TaskOptions options, const std::source_location& loc) {
  options.coro = bare_function_name(coro.promise()->where().function_name());
  factory(loop, options);
  return make_task(loop, std::move(coro), std::move(options), loc);
}

}  // namespace detail

template <class T>
Task<T> EventLoop::create_task(Coro<T> coro, std::string name, std::source_location loc) {
  check_closed();
  if (!coro.promise()) detail::throw_already_awaited();
  if (task_factory_) [[unlikely]] {
    TaskOptions options;
    options.name = std::move(name);
    return detail::make_task_by_factory(*this, *task_factory_, std::move(coro), std::move(options),
                                        loc);
  }
  detail::Ref state(new detail::TaskState<T>(*this, std::move(name)));
  state->start(coro.begin(), loc);
  return Task<T>(std::move(state));
}

template <class T>
Task<T> EventLoop::create_task(Coro<T> coro, std::string name, const Context& context,
                               std::source_location loc) {
  check_closed();
  if (!coro.promise()) detail::throw_already_awaited();
  TaskOptions options;
  options.name = std::move(name);
  options.context = context;
  return task_factory_ ? detail::make_task_by_factory(*this, *task_factory_, std::move(coro),
                                                      std::move(options), loc)
                       : detail::make_task(*this, std::move(coro), std::move(options), loc);
}

template <class T>
Task<T>::Task(Coro<T> coro, eager_start_t, std::string name, std::source_location loc) {
  if (!coro.promise()) detail::throw_already_awaited();
  TaskOptions options;
  options.name = std::move(name);
  options.eager_start = true;
  *this = detail::make_task(get_running_loop(), std::move(coro), std::move(options), loc);
}

template <class T>
T EventLoop::run_until_complete(Coro<T> coro, std::source_location loc) {
  check_can_run();
  return run_until_complete<T>(create_task(std::move(coro), {}, loc));
}

// Runs `coro` as a task of the running loop: its first step is in the next turn. `name`: "Task-1",
// "Task-2" ... if empty. Throws RuntimeError "no running event loop". asyncio: create_task
template <class T>
Task<T> create_task(Coro<T> coro, std::string name = {},
                    std::source_location loc = std::source_location::current()) {
  return get_running_loop().create_task(std::move(coro), std::move(name), loc);
}

// The same, in `context` itself instead of a copy of the current one.
template <class T>
Task<T> create_task(Coro<T> coro, std::string name, const Context& context,
                    std::source_location loc = std::source_location::current()) {
  return get_running_loop().create_task(std::move(coro), std::move(name), context, loc);
}

// A task for a coroutine; a future or a task as it is. asyncio: ensure_future
template <class T>
Task<T> ensure_future(Coro<T> coro, std::source_location loc = std::source_location::current()) {
  return get_running_loop().create_task(std::move(coro), {}, loc);
}
template <class T>
Future<T> ensure_future(Future<T> future) {
  return future;
}

// The task whose step is running, of the running loop; nullopt inside a plain callback. asyncio:
// current_task
std::optional<AnyTask> current_task();
// The running loop's tasks that are not done, oldest first. asyncio: all_tasks
std::vector<AnyTask> all_tasks();
std::vector<AnyTask> all_tasks(EventLoop& loop);

}  // namespace asyncio
