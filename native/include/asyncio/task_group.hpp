// Tasks that end together.
#pragma once

#include <asyncio/detail/future_watch.hpp>
#include <asyncio/detail/guarded.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/exception_group.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

// Where Python writes `async with TaskGroup() as group:`, here the block is handed over:
//
//     co_await asyncio::task_group([&](asyncio::TaskGroup& group) -> asyncio::Coro<> {
//       group.create_task(one());
//       group.create_task(two());
//       co_return;
//     });
//
// The block runs in the same task; when it ends, the group waits for its tasks. When one fails, the
// others and the block are cancelled, and when all have ended the group throws an ExceptionGroup
// "unhandled errors in a TaskGroup" of everything that was thrown, the block's own exception last.
// A task that is cancelled does not count as failed. When the task that runs the group is cancelled
// from outside, the group cancels its tasks, waits for them, and throws CancelledError, or the
// ExceptionGroup if there is one; then CancelledError comes at the next await.
// Differs from asyncio: tasks are cancelled in the order in which they were made (asyncio: a set's).
// asyncio: TaskGroup
class TaskGroup final : private detail::FutureWatch {
 public:
  explicit TaskGroup(std::source_location loc = std::source_location::current()) noexcept
      : resource_("task_group", loc) {}

  // Runs the block, once, and waits for the tasks; gives the block's result. Throws RuntimeError
  // "TaskGroup <TaskGroup entered> has already been entered".
  template <class B>
  Coro<detail::body_value_t<std::decay_t<B>, TaskGroup>> with(B&& body) {
    detail::check_temporary<B>();
    return detail::run_guarded<TaskGroup&, std::decay_t<B>>(*this, std::forward<B>(body));
  }
  // While the block runs, or a task of the group; also from within those. Throws RuntimeError
  // "TaskGroup ... has not been entered", "is finished", "is shutting down"; `coro` then never
  // runs. asyncio: TaskGroup.create_task
  template <class T>
  Task<T> create_task(Coro<T> coro, std::string name = {},
                      std::source_location loc = std::source_location::current()) {
    check_open(coro);
    return adopt(loop_->create_task(std::move(coro), std::move(name), loc));
  }
  // In `context` itself instead of a copy of the current one.
  template <class T>
  Task<T> create_task(Coro<T> coro, std::string name, const Context& context,
                      std::source_location loc = std::source_location::current()) {
    check_open(coro);
    return adopt(loop_->create_task(std::move(coro), std::move(name), context, loc));
  }
  // "<TaskGroup tasks=2 entered>". Python: repr()
  friend std::string to_string(const TaskGroup& group) { return group.text(); }

  // For the library.
  void enter();
  Coro<> leave(std::exception_ptr error);
  void drop() noexcept { unwatch_all(); }

 private:
  std::string text() const;
  const char* refusal() const noexcept;
  template <class T>
  void check_open(Coro<T>& coro) const {
    const char* const why = refusal();
    if (!why) return;
    coro.close();
    throw RuntimeError("TaskGroup " + text() + why);
  }
  template <class T>
  Task<T> adopt(Task<T> task) {
    adopt_task(*task.shared());
    return task;
  }
  void adopt_task(detail::FutureBase& task);
  void abort();
  detail::FutureBase* watcher(std::size_t index) noexcept override {
    return parent_ && index == 0 ? parent_->shared().get() : nullptr;
  }
  void watched_done(detail::FutureBase& task) override;
  [[noreturn]] void throw_errors();
  void note(std::string_view op);

  EventLoop* loop_ = nullptr;
  std::optional<AnyTask> parent_;
  std::vector<std::exception_ptr> errors_;
  detail::Resource resource_;
  detail::Ref<detail::FutureState<void>> on_completed_;  // while it waits for its tasks
  bool exiting_ = false;
  bool aborting_ = false;
  bool parent_cancel_requested_ = false;
};

namespace detail {
template <class B>
Coro<body_value_t<B, TaskGroup>> run_task_group(B body, std::source_location loc) {
  TaskGroup group(loc);
  using T = body_value_t<B, TaskGroup>;
  Coro<T> running = run_guarded<TaskGroup&, B>(group, std::move(body));
  co_return co_await running;
}
}  // namespace detail

// Runs `body`, a callable that is given the group, and gives its result when all tasks have ended.
// asyncio: `async with TaskGroup() as group`
template <class B>
Coro<detail::body_value_t<std::decay_t<B>, TaskGroup>> task_group(
    B&& body, std::source_location loc = std::source_location::current()) {
  detail::check_temporary<B>();
  return detail::run_task_group<std::decay_t<B>>(std::forward<B>(body), loc);
}

}  // namespace asyncio
