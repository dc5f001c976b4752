// Coroutines.
#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <source_location>

#include <asyncio/detail/await.hpp>
#include <asyncio/future.hpp>

namespace asyncio {

template <class T = void>
class Coro;

namespace detail {

template <class T>
class CoroAwaiter;

template <class A>
concept LibraryAwaiter = std::derived_from<std::remove_cvref_t<A>, AwaiterTag>;

template <class A>
concept HasCoAwait = requires(A&& awaitable) {
  { std::forward<A>(awaitable).operator co_await() } -> LibraryAwaiter;
} || requires(A&& awaitable) {
  { operator co_await(std::forward<A>(awaitable)) } -> LibraryAwaiter;
};

template <class T>
Future<T> as_future(const Future<T>& future) {
  return future;
}
template <class A>
concept FutureLike = requires(const std::remove_cvref_t<A>& future) { as_future(future); };

template <class T>
std::true_type is_coro(const Coro<T>&);
template <class A>
concept CoroLike = requires(A& coro) { is_coro(coro); };

// What a coroutine frame of this library carries, its result aside.
class PromiseBase {
 public:
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { deallocate(frame, size); }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct Return {
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> coroutine) const noexcept {
      PromiseBase& promise = coroutine.promise();
      if (promise.caller_handle_) promise.task_->run_next(promise.caller_handle_);
    }
    void await_resume() const noexcept {}
  };
  Return final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  // Every co_await goes through here: it notes the line, and says what can be awaited.
  template <class A>
  decltype(auto) await_transform(A&& awaitable,
                                 std::source_location where = std::source_location::current()) {
    static_assert(
        CoroLike<A> || FutureLike<A> || LibraryAwaiter<A> || HasCoAwait<A>,
        "a coroutine of asyncio can await a Coro, a Task, a Future, or what is made of them");
    where_ = where;
    if constexpr (CoroLike<A>) {
      return CoroAwaiter(awaitable);
    } else if constexpr (FutureLike<A>) {
      return FutureAwaiter(as_future(awaitable).shared());
    } else {
      return std::forward<A>(awaitable);
    }
  }

  TaskCore& task() const noexcept { return *task_; }
  const PromiseBase* caller() const noexcept { return caller_; }
  // Where it waits; line 0 before its first await.
  const std::source_location& where() const noexcept { return where_; }
  const std::source_location& function() const noexcept { return function_; }
  bool started() const noexcept { return task_ != nullptr; }
  const std::exception_ptr& exception() const noexcept { return exception_; }
  void run_in(TaskCore& task) noexcept { task_ = &task; }

  template <class P>
  void called_by(std::coroutine_handle<P> caller) noexcept {
    caller_handle_ = caller;
    caller_ = &caller.promise();
    task_ = &caller.promise().task();
  }

 protected:
  explicit PromiseBase(const std::source_location& function) noexcept : function_(function) {}
  PromiseBase(const PromiseBase&) = delete;
  PromiseBase& operator=(const PromiseBase&) = delete;
  ~PromiseBase() = default;

  void set_function(const std::source_location& function) noexcept { function_ = function; }
  void rethrow_if_failed() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::coroutine_handle<> caller_handle_;
  const PromiseBase* caller_ = nullptr;
  TaskCore* task_ = nullptr;
  std::source_location where_;
  std::source_location function_;
  std::exception_ptr exception_;
};

template <class T>
class Promise final : public PromiseBase {
 public:
  Promise() noexcept : PromiseBase({}) {}
  Coro<T> get_return_object(
      std::source_location function = std::source_location::current()) noexcept;
  template <std::convertible_to<T> V = T>
  void return_value(V&& value) {
    value_.emplace(std::forward<V>(value));
  }
  T take() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Promise() noexcept : PromiseBase({}) {}
  Coro<void> get_return_object(
      std::source_location function = std::source_location::current()) noexcept;
  void return_void() const noexcept {}
  void take() const { rethrow_if_failed(); }
};

// "coroutine 'f' was never awaited"
void report_never_awaited(const PromiseBase& promise) noexcept;
[[noreturn]] void throw_already_awaited();

}  // namespace detail

// What a coroutine function returns: a call that has not begun. Awaiting it runs the body at once,
// within the same task and turn; the awaiting coroutine goes on in the same step when the body
// returns. It can be awaited once. Never awaited: a warning, and the body never runs.
//
// Not a task: create_task() makes one, which has turns of its own and can be cancelled.
// asyncio: what an `async def` function returns
template <class T>
class [[nodiscard("a coroutine does nothing until it is awaited or made a task")]] Coro {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;

  Coro(Coro&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Coro& operator=(Coro&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Coro() {
    if (!frame_) return;
    if (!frame_.promise().started()) detail::report_never_awaited(frame_.promise());
    frame_.destroy();
  }

  // For the library.
  std::coroutine_handle<promise_type> frame() const noexcept { return frame_; }

 private:
  friend promise_type;
  explicit Coro(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

namespace detail {

// Runs the coroutine within the awaiting task's step.
template <class T>
class CoroAwaiter : public AwaiterTag {
 public:
  explicit CoroAwaiter(const Coro<T>& coro) : frame_(coro.frame()) {
    if (!frame_ || frame_.promise().started()) throw_already_awaited();
  }
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> caller) noexcept {
    frame_.promise().called_by(caller);
    caller.promise().task().run_next(frame_);
  }
  T await_resume() { return frame_.promise().take(); }

 private:
  std::coroutine_handle<Promise<T>> frame_;
};

template <class T>
Coro<T> Promise<T>::get_return_object(std::source_location function) noexcept {
  set_function(function);
  return Coro<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Coro<void> Promise<void>::get_return_object(std::source_location function) noexcept {
  set_function(function);
  return Coro<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace detail
}  // namespace asyncio
