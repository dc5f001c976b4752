// Coroutines.
#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
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

// Moves: of what is awaited as a temporary the awaiter holds all there is.
template <class T>
Future<T> as_future(Future<T> future) {
  return future;
}
template <class A>
concept FutureLike = requires(const std::remove_cvref_t<A>& future) { as_future(future); };

template <class T>
std::true_type is_coro(const Coro<T>&);
template <class A>
concept CoroLike = requires(A& coro) { is_coro(coro); };

class PromiseBase;

// Of a body that has not ended. What destructors throw is logged: nobody could catch it.
void destroy_frame(PromiseBase& promise) noexcept;

// One call of a coroutine, kept by whoever runs it (the awaiter, or the task): the frame until the
// body has ended, and then what it ended with. Whoever runs it asks at once, for a frame that has
// ended is gone.
class Call {
 public:
  explicit Call(std::coroutine_handle<> frame) noexcept : frame_(frame) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (frame_) [[unlikely]]
      drop_frame();
  }
  std::coroutine_handle<> frame() const noexcept { return frame_; }
  void set_frame(std::coroutine_handle<> frame) noexcept { frame_ = frame; }
  void drop_frame() noexcept;  // of a body that has not ended

  // The body threw what is being handled.
  void fail() noexcept;
  // The body has ended; throws what it threw.
  void end() {
    if (!std::exchange(frame_, nullptr)) [[unlikely]]
      rethrow();
  }
  // The same, and gives what it threw, or null.
  std::exception_ptr end_quietly() noexcept;

 private:
  [[noreturn]] void rethrow();

  std::coroutine_handle<> frame_;
  union {
    std::exception_ptr exception_;  // once it failed, and until it is asked: the frame is null then
  };
};

// With room for what the body returns.
template <class T>
class CallOf : public Call {
 public:
  using Call::Call;
  template <class V>
  void set_value(V&& value) {
    value_.emplace(std::forward<V>(value));
  }
  // After end().
  T take() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};
// One flag less to write and to ask.
template <class T>
  requires std::is_trivially_destructible_v<T>
class CallOf<T> : public Call {
 public:
  explicit CallOf(std::coroutine_handle<> frame) noexcept : Call(frame) {}
  template <class V>
  void set_value(V&& value) {
    std::construct_at(std::addressof(value_), std::forward<V>(value));
  }
  // After end().
  T take() { return std::move(value_); }

 private:
  union {
    T value_;
  };
};
template <>
class CallOf<void> : public Call {
 public:
  using Call::Call;
  void take() const noexcept {}
};

// What a coroutine frame of this library carries. No values: so all promises are laid out alike,
// and a frame can be told from its PromiseBase.
class PromiseBase {
 public:
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { deallocate(frame, size); }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  // The frame goes now, with the coroutine's parameters; the caller goes on after that, in the
  // task's step.
  std::suspend_never final_suspend() noexcept {
    return_to_caller();
    return {};
  }
  void unhandled_exception() {
    if (!call_) throw;  // out of destroy_frame()
    call_->fail();
  }

  // Every co_await goes through here: it notes the line, and says what can be awaited.
  template <class A>
  decltype(auto) await_transform(A&& awaitable,
                                 std::source_location where = std::source_location::current()) {
    static_assert(
        CoroLike<A> || FutureLike<A> || LibraryAwaiter<A> || HasCoAwait<A>,
        "a coroutine of asyncio can await a Coro, a Task, a Future, or what is made of them");
    where_ = where;
    if constexpr (CoroLike<A>) {
      return CoroAwaiter(awaitable, *this);
    } else if constexpr (FutureLike<A>) {
      return FutureAwaiter(as_future(std::forward<A>(awaitable)).shared());
    } else {
      return std::forward<A>(awaitable);
    }
  }

  TaskCore& task() const noexcept { return *task_; }
  // Null of a task's outermost coroutine, and of one that has not begun.
  const PromiseBase* caller() const noexcept { return caller_ ? &of(caller_) : nullptr; }
  // Where it waits; before its first await, where its body begins. Names the function, too.
  const std::source_location& where() const noexcept { return where_; }
  static PromiseBase& of(std::coroutine_handle<> frame) noexcept {
    return std::coroutine_handle<PromiseBase>::from_address(frame.address()).promise();
  }
  std::coroutine_handle<> handle() const noexcept {
    return std::coroutine_handle<PromiseBase>::from_promise(const_cast<PromiseBase&>(*this));
  }
  void run_in(TaskCore& task, Call& call, std::coroutine_handle<> caller = {}) noexcept {
    caller_ = caller;
    task_ = &task;
    call_ = &call;
  }
  // Nobody waits for its end any more: its frame is being destroyed.
  void forget_call() noexcept { call_ = nullptr; }

 protected:
  PromiseBase() noexcept = default;
  PromiseBase(const PromiseBase&) = delete;
  PromiseBase& operator=(const PromiseBase&) = delete;
  ~PromiseBase() = default;

  void begins_at(const std::source_location& where) noexcept { where_ = where; }
  Call& call() const noexcept { return *call_; }
  // The caller goes on, in the task's step.
  void return_to_caller() const noexcept { task_->run_next(caller_); }

 private:
  // In this order, for compilers store neighbours that are written together as one vector, and the
  // coroutine that reads one of them a moment later would wait for it.
  std::coroutine_handle<> caller_;
  std::source_location where_;
  TaskCore* task_ = nullptr;
  Call* call_ = nullptr;
};

template <class T>
class Promise final : public PromiseBase {
 public:
  Coro<T> get_return_object(
      std::source_location function = std::source_location::current()) noexcept;
  template <std::convertible_to<T> V = T>
  void return_value(V&& value) {
    static_cast<CallOf<T>&>(call()).set_value(std::forward<V>(value));
  }
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Coro<void> get_return_object(
      std::source_location function = std::source_location::current()) noexcept;
  void return_void() const noexcept {}
};

// "coroutine 'f' was never awaited"
void drop_never_awaited(PromiseBase& promise) noexcept;
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

  Coro(Coro&& other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
  Coro& operator=(Coro&& other) noexcept {
    std::swap(promise_, other.promise_);
    return *this;
  }
  ~Coro() {
    if (promise_) [[unlikely]]
      detail::drop_never_awaited(*promise_);
  }

  // Takes back a call that has not begun: the body never runs, and nobody is warned about it.
  // Python: coroutine.close
  void close() noexcept {
    if (promise_) detail::destroy_frame(*std::exchange(promise_, nullptr));
  }

  // For the library: gives the call to whoever runs it.
  detail::PromiseBase& begin() const {
    if (!promise_) detail::throw_already_awaited();
    return *std::exchange(promise_, nullptr);
  }
  // Null once it was awaited or made a task.
  const detail::PromiseBase* promise() const noexcept { return promise_; }

 private:
  friend promise_type;
  explicit Coro(detail::PromiseBase& promise) noexcept : promise_(&promise) {}
  mutable detail::PromiseBase* promise_;  // a coroutine that is a constant can be awaited
};

namespace detail {

// Runs the coroutine within the awaiting task's step.
template <class T>
class CoroAwaiter : public AwaiterTag {
 public:
  CoroAwaiter(const Coro<T>& coro, const PromiseBase& caller) : CoroAwaiter(coro.begin(), caller) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  T await_resume() {
    call_.end();
    return call_.take();
  }

 private:
  CoroAwaiter(PromiseBase& promise, const PromiseBase& caller) noexcept : call_(promise.handle()) {
    promise.run_in(caller.task(), call_, caller.handle());
    caller.task().run_next(call_.frame());  // once the caller is suspended
  }
  CallOf<T> call_;
};

template <class T>
Coro<T> Promise<T>::get_return_object(std::source_location function) noexcept {
  static_assert(sizeof(Promise) == sizeof(PromiseBase) && alignof(Promise) == alignof(PromiseBase));
  begins_at(function);
  return Coro<T>(*this);
}
inline Coro<void> Promise<void>::get_return_object(std::source_location function) noexcept {
  begins_at(function);
  return Coro<void>(*this);
}

}  // namespace detail
}  // namespace asyncio
