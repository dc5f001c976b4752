// Tasks that live in a block: an idea of Trio's.
#pragma once

#include <asyncio/cancel_scope.hpp>
#include <asyncio/detail/future_watch.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/exception_group.hpp>

namespace asyncio {

namespace detail {

// What children know of their nursery: it outlives it, where a loop is destroyed in the middle.
struct NurseryAnchor : Pooled {
  explicit NurseryAnchor(Nursery* whose) noexcept : nursery(whose) {}
  Nursery* nursery;
  mutable unsigned references = 0;
  void retain() const noexcept { ++references; }
  void release() const noexcept {
    if (--references == 0) delete this;
  }
};

// What start() waits for: the value that the child says it has started with.
template <class T>
class StartState final : public FutureState<T>, public FutureWatch {
 public:
  StartState(EventLoop& loop, Ref<NurseryAnchor> anchor) noexcept
      : FutureState<T>(loop, "nursery_start"), anchor_(std::move(anchor)) {}

  // Once, right after the child's task was made.
  void set_child(FutureBase& child);
  template <class... V>
  void started(V&&... value);

 private:
  // It ended first.
  void watched_done(FutureBase& task) override {
    child_ = nullptr;
    if (started_) return;  // it was the nursery's
    if (this->done()) {
      task.mark_retrieved();  // nobody waits any more
    } else if (task.cancelled()) {
      FutureBase::cancel({});
    } else if (const std::exception_ptr error = task.exception()) {
      this->set_exception(error);
    } else {
      this->set_exception(std::make_exception_ptr(
          RuntimeError("child exited without calling task_status.started()")));
    }
  }
  FutureBase* watcher(std::size_t index) noexcept override { return index == 0 ? this : nullptr; }

  Ref<NurseryAnchor> anchor_;
  FutureBase* child_ = nullptr;  // until it has ended
  bool started_ = false;
};

}  // namespace detail

// By which a child of Nursery::start() says that it is ready. Trio: task_status
template <class T = void>
class TaskStatus {
 public:
  explicit TaskStatus(detail::Ref<detail::StartState<T>> state) noexcept
      : state_(std::move(state)) {}
  // Once; throws RuntimeError the second time. From now on the child is the nursery's. For
  // TaskStatus<void>: no argument.
  template <class... V>
  void started(V&&... value) const {
    state_->started(std::forward<V>(value)...);
  }

 private:
  detail::Ref<detail::StartState<T>> state_;
};

// A block that does not end before the tasks that were started in it:
//
//     co_await asyncio::open_nursery([&](asyncio::Nursery& nursery) -> asyncio::Coro<> {
//       nursery.start_soon([&] { return serve(port); });
//       co_await nursery.start<int>([&](asyncio::TaskStatus<int> status) { return listen(status);
//       });
//     });
//
// When a task or the block throws, the rest is cancelled, and when all have ended the nursery
// throws an ExceptionGroup "unhandled errors in a nursery" of everything, in the order in which it
// happened.
//
// What it has beyond TaskGroup: a cancel scope of its own, so that all of it can be cancelled
// without an error; children that say when they are ready; and it keeps the callables, so that a
// lambda's captures live as long as its coroutine. The children are within the scopes that the
// nursery is in: shields, deadlines and checkpoint() see those. A cancelled nursery still takes new
// children, which are cancelled before they begin. with() and open_nursery() give the block's
// result, or nullopt when the nursery's scope cancelled it, as scopes do. Trio: Nursery
class Nursery final : private detail::FutureWatch {
 public:
  explicit Nursery(std::source_location loc = std::source_location::current())
      : cancel_scope(std::nullopt, false, loc),
        resource_("nursery", loc),
        anchor_(new detail::NurseryAnchor(this)) {
    cancel_scope.nursery_ = this;
  }
  ~Nursery() { drop(); }

  // Runs the block, once, and waits for the children.
  template <class B>
  auto with(B&& body) {
    detail::check_temporary<B>();
    return detail::run_scoped<Nursery&, std::decay_t<B>>(*this, std::forward<B>(body));
  }

  // Cancelling it cancels the block and the children. Trio: nursery.cancel_scope
  CancelScope cancel_scope;

  // `body`: a callable that returns a coroutine, a task or a future; or a coroutine. It begins in
  // the next turn. Throws RuntimeError "Nursery is closed to new arrivals". Trio: start_soon
  template <class F>
  void start_soon(F body, std::string name = {},
                  std::source_location loc = std::source_location::current()) {
    check_open();
    const Task<> task =
        loop_->create_task(run_child(anchor_, std::move(body)), std::move(name), loc);
    adopt(*task.shared());
  }

  // Starts a child and waits until it says that it has started; gives what it says. `body` is given
  // a TaskStatus<T>. What the child throws before is thrown here, and not by the nursery;
  // cancelling the start cancels the child and waits for it. RuntimeError "child exited without
  // calling task_status.started()". Trio: start
  template <class T = void, class F>
  Coro<T> start(F&& body, std::string name = {},
                std::source_location loc = std::source_location::current()) {
    detail::check_temporary<F>();
    return start_and_wait<T, std::decay_t<F>>(std::forward<F>(body), std::move(name), loc);
  }

  // For the library.
  void enter();
  Coro<> leave(std::exception_ptr error);
  void drop() noexcept;
  void adopt(detail::FutureBase& task);

 private:
  friend class CancelScope;

  template <class T, class F>
  Coro<T> start_and_wait(F body, std::string name, std::source_location loc) {
    check_open();
    const detail::Ref state(new detail::StartState<T>(*loop_, anchor_));
    const Task<> task =
        loop_->create_task(run_starting<T>(anchor_, state, std::move(body)), std::move(name), loc);
    state->set_child(*task.shared());
    const Starting starting(anchor_, task.shared(), *state);
    std::exception_ptr cancelled;
    try {
      co_await Future<T>(state);
    } catch (const CancelledError&) {
      cancelled = std::current_exception();
    }
    if (cancelled) {
      while (!task.done()) {
        Coro<> ending = cancel_and_wait_for(task.shared());
        co_await ending;
      }
      std::rethrow_exception(cancelled);
    }
    co_return detail::take(*state);
  }

  // A start() that has not returned: the nursery stays open for it.
  class Starting {
   public:
    Starting(detail::Ref<detail::NurseryAnchor> anchor,
             const detail::Ref<detail::FutureBase>& child, const detail::FutureBase& ready);
    Starting(const Starting&) = delete;
    Starting& operator=(const Starting&) = delete;
    ~Starting();

   private:
    detail::Ref<detail::NurseryAnchor> anchor_;
  };
  // The children of start(), for drop().
  class StartedChildren final : public detail::FutureWatch {
    void watched_done(detail::FutureBase&) override {}
  };

  // The outermost scope of a child.
  class ChildScope : public CancelScope {
   public:
    explicit ChildScope(Nursery* nursery) noexcept : nursery_(nursery) {}
    void enter() { CancelScope::enter_in(nursery_ ? &nursery_->cancel_scope : nullptr); }

   private:
    Nursery* nursery_;
  };
  template <class F>
  static Coro<> run_child(detail::Ref<detail::NurseryAnchor> anchor, F body) {
    ChildScope scope(anchor->nursery);
    auto running = detail::run_scoped<ChildScope&, F>(scope, std::move(body));
    co_await running;
  }
  template <class T, class F>
  static Coro<> run_starting(detail::Ref<detail::NurseryAnchor> anchor,
                             detail::Ref<detail::StartState<T>> state, F body) {
    ChildScope scope(anchor->nursery);
    auto begin = [&] { return body(TaskStatus<T>(state)); };
    auto running = detail::run_scoped<ChildScope&, decltype(begin)>(scope, std::move(begin));
    co_await running;
  }

  static Coro<> cancel_and_wait_for(detail::Ref<detail::FutureBase> task);
  static CancelScope* outermost_scope(detail::FutureBase& child) noexcept;
  void check_open() const;
  void cancel_children();
  void watched_done(detail::FutureBase& task) override;
  detail::FutureBase* watcher(std::size_t index) noexcept override {
    return parent_ && index == 0 ? &parent_->future() : nullptr;
  }
  void wake_if_empty();
  void note(std::string_view op);
  bool empty() const noexcept { return !watches_any() && starting_ == 0; }

  EventLoop* loop_ = nullptr;
  detail::TaskCore* parent_ = nullptr;
  std::vector<std::exception_ptr> errors_;
  detail::Resource resource_;
  detail::Ref<detail::FutureState<void>> emptied_;  // while it waits for the children
  StartedChildren started_children_;
  detail::Ref<detail::NurseryAnchor> anchor_;
  std::size_t starting_ = 0;
  bool closed_ = false;
};

namespace detail {

template <class T>
void StartState<T>::set_child(FutureBase& child) {
  if (started_) {  // an eager one has said so already
    if (anchor_->nursery) anchor_->nursery->adopt(child);
  } else if (child.done()) {
    watched_done(child);
  } else {
    child_ = &child;
    watch(child);
  }
}

template <class T>
template <class... V>
void StartState<T>::started(V&&... value) {
  if (std::exchange(started_, true))
    throw RuntimeError("called 'started' twice on the same task status");
  if (anchor_->nursery && child_) anchor_->nursery->adopt(*child_);
  if (!this->done()) this->set_result(std::forward<V>(value)...);
}

template <class B>
auto run_nursery(B body, std::source_location loc)
    -> Coro<std::optional<stored_t<body_value_t<B, Nursery>>>> {
  Nursery nursery(loc);
  auto running = run_scoped<Nursery&, B>(nursery, std::move(body));
  co_return co_await running;
}

}  // namespace detail

// Runs `body`, a callable that is given the nursery, and gives its result when all children have
// ended. Trio: open_nursery
template <class B>
auto open_nursery(B&& body, std::source_location loc = std::source_location::current()) {
  detail::check_temporary<B>();
  return detail::run_nursery<std::decay_t<B>>(std::forward<B>(body), loc);
}

}  // namespace asyncio
