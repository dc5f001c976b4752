// How a coroutine waits: the awaiters of futures and of the next turn.
#pragma once

#include <coroutine>

#include <asyncio/detail/task_core.hpp>

namespace asyncio::detail {

// Marks what a coroutine of this library may await: it parks the task, or lets another coroutine
// run next.
struct AwaiterTag {};

// As std::is_copy_constructible, which a vector claims whatever it holds.
template <class T>
inline constexpr bool is_copyable = std::is_copy_constructible_v<T>;
template <class T, class A>
inline constexpr bool is_copyable<std::vector<T, A>> = is_copyable<T>;

// The value for an awaiter: a copy, for others may await the same future; moved out where nobody
// else refers to it, or where it cannot be copied.
template <class T>
stored_t<T> take_stored(FutureState<T>& state) {
  if constexpr (is_copyable<stored_t<T>>) {
    if (!std::is_trivially_copyable_v<stored_t<T>> && state.is_sole())
      return std::move(state.result());
    return state.result();
  } else {
    return std::move(state.result());
  }
}
template <class T>
T take(FutureState<T>& state) {
  return static_cast<T>(take_stored(state));
}

[[noreturn]] void throw_empty_future();

// asyncio: Future.__await__
template <class T>
class FutureAwaiter : public AwaiterTag {
 public:
  explicit FutureAwaiter(Ref<FutureState<T>> state) noexcept : state_(std::move(state)) {}

  bool await_ready() const {
    if (!state_) [[unlikely]]
      throw_empty_future();
    return state_->done();
  }
  template <class P>
  void await_suspend(std::coroutine_handle<P> coroutine) {
    task_ = &coroutine.promise().task();
    task_->park(coroutine.promise(), *state_);
  }
  T await_resume() {
    if (task_) task_->throw_if_cancelled(state_.get());
    return take(*state_);
  }

 private:
  Ref<FutureState<T>> state_;
  TaskCore* task_ = nullptr;
};

// Waits for the next turn. asyncio: tasks.__sleep0
class Yield : public AwaiterTag {
 public:
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> coroutine) noexcept {
    task_ = &coroutine.promise().task();
    task_->yield(coroutine.promise());
  }
  void await_resume() { task_->throw_if_cancelled(); }

 private:
  TaskCore* task_ = nullptr;
};

}  // namespace asyncio::detail
