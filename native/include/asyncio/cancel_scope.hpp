// Cancelling a part of a task: an idea of Trio's, on asyncio's cancellation.
#pragma once

#include <asyncio/detail/guarded.hpp>
#include <asyncio/detail/resource.hpp>
#include <asyncio/task.hpp>

namespace asyncio {

class Nursery;

namespace detail {
template <class Guard, class B>
auto run_scoped(Guard guard, B body)
    -> Coro<std::optional<stored_t<body_value_t<B, std::remove_reference_t<Guard>>>>>;
}

// A block that can be cancelled without cancelling its task: by cancel(), from anywhere, or by a
// deadline. The CancelledError that comes out of the block ends at the scope, and the task goes on
// behind it.
//
//     asyncio::CancelScope scope;
//     const auto found = co_await scope.with(search());   // nullopt if it was cancelled
//
// Scopes nest. A cancelled scope cancels everything in it, but for what is in a scope with a
// shield: that ends first, and the cancellation comes at the first await behind it. A shield keeps
// out scopes only; Task::cancel() goes through it.
//
// Cancelling is one request, as everywhere in asyncio: a block that catches CancelledError and goes
// on is not cancelled again at its next await, where Trio would cancel it at every one; it is only
// at a checkpoint(). DESIGN.md says more.
// Trio: CancelScope
class CancelScope {
 public:
  // deadline: on EventLoop::time(); nullopt: none.
  explicit CancelScope(std::optional<Instant> deadline = std::nullopt, bool shield = false,
                       std::source_location loc = std::source_location::current()) noexcept
      : deadline_(deadline), loc_(loc), shield_(shield) {}
  // Before it is entered.
  CancelScope(CancelScope&& other) noexcept
      : deadline_(other.deadline_),
        loc_(other.loc_),
        cancel_called_(other.cancel_called_),
        shield_(other.shield_) {}
  CancelScope& operator=(CancelScope&&) = delete;
  ~CancelScope() { drop(); }

  // Runs the block (a coroutine, a task, a future, or a callable that returns one, given the scope
  // if it takes it), once; a second time throws RuntimeError. Gives its result (std::monostate for
  // void), or nullopt when it was cancelled by this scope.
  template <class B>
  auto with(B&& body) {
    detail::check_temporary<B>();
    return detail::run_scoped<CancelScope&, std::decay_t<B>>(*this, std::forward<B>(body));
  }

  // Cancels the block, now or, when it has not begun, as soon as it waits. Again: does nothing.
  void cancel();
  // Whether that was asked for, also by the deadline.
  bool cancel_called() const noexcept { return cancel_called_; }
  // Whether the block ended by it: not so when it was ready before, or swallowed it.
  bool cancelled_caught() const noexcept { return cancelled_caught_; }

  std::optional<Instant> deadline() const noexcept { return deadline_; }
  // One that has passed cancels at once.
  void set_deadline(std::optional<Instant> deadline);
  bool shield() const noexcept { return shield_; }
  // Taking the shield away lets a cancellation in that waits outside.
  void set_shield(bool shield);

  // For the library.
  void enter() { enter_in(nullptr); }
  void leave(std::exception_ptr error);
  void drop() noexcept;

 private:
  friend class Nursery;
  friend Coro<> checkpoint();
  friend Instant current_effective_deadline();

  // A child's outermost scope is in that of its nursery.
  void enter_in(CancelScope* nursery_scope);
  // What leave() does, without throwing: whether the scope caught `error`.
  bool finish(const std::exception_ptr& error);
  bool unlink() noexcept;
  void schedule();
  void deliver();
  bool kept_out() const noexcept;
  void note(std::string_view op);
  void cancel_by(std::string_view op);
  static void deliver_pending(const detail::TaskCore& task, CancelScope* from);

  std::optional<Instant> deadline_;
  std::source_location loc_;
  std::optional<detail::Resource> resource_;  // once entered
  TimerHandle timer_;
  detail::TaskCore* task_ = nullptr;  // while its block runs
  CancelScope* parent_ = nullptr;     // the next one further out
  Nursery* nursery_ = nullptr;        // whose tasks are in it
  unsigned cancelling_ = 0;           // requests when it was entered
  bool entered_ = false;
  bool cancel_called_ = false;
  bool delivered_ = false;  // one of the task's requests is this scope's
  bool cancelled_caught_ = false;
  bool shield_;
};

namespace detail {

template <class Guard, class B>
auto run_scoped(Guard guard, B body)
    -> Coro<std::optional<stored_t<body_value_t<B, std::remove_reference_t<Guard>>>>> {
  using T = body_value_t<B, std::remove_reference_t<Guard>>;
  enter_guard(guard, body);
  const DropGuard dropping(guard);
  std::optional<stored_t<T>> result;
  std::exception_ptr error;
  try {
    auto running = begin_body(body, guard);
    if constexpr (std::is_void_v<T>) {
      co_await running;
      result.emplace();
    } else {
      T value = co_await running;
      result.emplace(std::move(value));
    }
  } catch (...) {
    error = std::current_exception();
  }
  if constexpr (CoroLike<decltype(guard.leave(error))>) {
    Coro<> leaving = guard.leave(std::move(error));
    co_await leaving;
  } else {
    guard.leave(std::move(error));
  }
  co_return std::move(result);
}

template <class B>
Coro<body_value_t<B, CancelScope>> run_or_fail(std::optional<Instant> deadline, B body,
                                               std::source_location loc) {
  CancelScope scope(deadline, false, loc);
  auto running = run_scoped<CancelScope&, B>(scope, std::move(body));
  auto result = co_await running;
  if (!result) throw TimeoutError(std::make_exception_ptr(CancelledError()));
  if constexpr (!std::is_void_v<body_value_t<B, CancelScope>>) co_return std::move(*result);
}

}  // namespace detail

// The block's result, or nullopt when the deadline came first. For void, std::monostate: `if
// (co_await move_on_after(2s, work()))` asks whether it was ready. `delay` counts from the call.
// Trio: move_on_at, move_on_after
template <class B>
auto move_on_at(std::optional<Instant> deadline, B&& body,
                std::source_location loc = std::source_location::current()) {
  detail::check_temporary<B>();
  return detail::run_scoped<CancelScope, std::decay_t<B>>(CancelScope(deadline, false, loc),
                                                          std::forward<B>(body));
}
template <class B>
auto move_on_after(Duration delay, B&& body,
                   std::source_location loc = std::source_location::current()) {
  return move_on_at(get_running_loop().after(delay), std::forward<B>(body), loc);
}

// The block's result; throws TimeoutError when the deadline came first. timeout() does the same
// without a scope: what differs is that a scope's cancellation respects shields, and that
// `scope.cancel()` ends it too. Trio: fail_at, fail_after, whose error is TooSlowError
template <class B>
Coro<detail::body_value_t<std::decay_t<B>, CancelScope>> fail_at(
    std::optional<Instant> deadline, B&& body,
    std::source_location loc = std::source_location::current()) {
  detail::check_temporary<B>();
  return detail::run_or_fail<std::decay_t<B>>(deadline, std::forward<B>(body), loc);
}
template <class B>
Coro<detail::body_value_t<std::decay_t<B>, CancelScope>> fail_after(
    Duration delay, B&& body, std::source_location loc = std::source_location::current()) {
  return fail_at(get_running_loop().after(delay), std::forward<B>(body), loc);
}

// Waits for the next turn, as sleep(0) does, and throws CancelledError whenever the task is in a
// scope that is cancelled and not kept out by a shield, though it may have swallowed it before.
// Trio: checkpoint
Coro<> checkpoint();

// When the scopes that the task is in will cancel it: Instant::max() for never, Instant::min() if
// one has. Trio: current_effective_deadline
Instant current_effective_deadline();

}  // namespace asyncio
