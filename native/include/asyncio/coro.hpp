// Coroutines.
#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>

#include <asyncio/detail/await.hpp>
#include <asyncio/detail/await_in_order.hpp>
#include <asyncio/detail/body_place.hpp>
#include <asyncio/detail/call.hpp>
#include <asyncio/future.hpp>

namespace asyncio {

template <class T = void>
class Coro;

namespace detail {

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

  // Every co_await goes through here: it says what can be awaited. It has no effect, for compilers
  // may make all awaiters of an expression before they suspend for the first.
  template <class A>
  auto await_transform(A&& awaitable,
                       std::source_location where = std::source_location::current()) {
    static_assert(
        CoroLike<A> || FutureLike<A> || LibraryAwaiter<A> || HasCoAwait<A>,
        "a coroutine of asyncio can await a Coro, a Task, a Future, or what is made of them");
    return AwaitInOrder<PromiseBase, A&&>(*this, where, std::forward<A>(awaitable));
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
  // Destroys its frame; whoever called it is told. A body that has begun.
  void drop() const noexcept { call_->drop_frame(); }
  // Nobody waits for its end any more: its frame is being destroyed.
  void forget_call() noexcept { call_ = nullptr; }
  // It waits at another place.
  void waits_at(const std::source_location& where) noexcept { where_ = where; }
  // The await of the expression that is evaluated which was not asked for its result.
  PendingAwait* pending_await = nullptr;

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
  Coro<T> get_return_object(BodyPlace body = BodyPlace()) noexcept;
  template <std::convertible_to<T> V = T>
  void return_value(V&& value) {
    static_cast<CallOf<T>&>(call()).set_value(std::forward<V>(value));
  }
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Coro<void> get_return_object(BodyPlace body = BodyPlace()) noexcept;
  void return_void() const noexcept { call().returns(); }
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
    return *take();
  }
  // The same without a check: null if it was awaited before.
  detail::PromiseBase* take() const noexcept { return std::exchange(promise_, nullptr); }
  // Null once it was awaited or made a task.
  const detail::PromiseBase* promise() const noexcept { return promise_; }

 private:
  friend promise_type;
  explicit Coro(detail::PromiseBase& promise) noexcept : promise_(&promise) {}
  mutable detail::PromiseBase* promise_;  // a coroutine that is a constant can be awaited
};

namespace detail {

// Runs the coroutine within the awaiting task's step. One that is awaited where it is made belongs
// to the awaiter at once: if its turn never comes it goes without a word, for it would never have
// been made if the expression were evaluated in its order.
template <class T>
class CoroAwaiter : public AwaiterTag {
 public:
  explicit CoroAwaiter(Coro<T>&& coro) noexcept : call_(handle_of(coro.take())) {}
  bool await_ready() const {
    if (!call_.frame()) [[unlikely]]
      throw_already_awaited();
    return false;
  }
  template <class P>
  void await_suspend(std::coroutine_handle<P> caller) noexcept {
    const std::coroutine_handle<> frame = call_.frame();
    TaskCore& task = caller.promise().task();
    PromiseBase::of(frame).run_in(task, call_, caller);
    task.run_next(frame);
  }
  T await_resume() {
    call_.end();
    return call_.take();
  }

 protected:
  CoroAwaiter() noexcept : call_(nullptr) {}
  void take_from(const Coro<T>& coro) { call_.set_frame(coro.begin().handle()); }

 private:
  static std::coroutine_handle<> handle_of(const PromiseBase* promise) noexcept {
    return promise ? promise->handle() : nullptr;
  }
  CallOf<T> call_;
};

// Of one that has a name: it is taken when its turn has come.
template <class T>
class NamedCoroAwaiter : public CoroAwaiter<T> {
 public:
  explicit NamedCoroAwaiter(const Coro<T>& coro) noexcept : coro_(coro) {}
  bool await_ready() {
    this->take_from(coro_);
    return false;
  }

 private:
  const Coro<T>& coro_;
};

template <class T>
CoroAwaiter<T> awaiter_of_coro(Coro<T>&& coro) noexcept {
  return CoroAwaiter<T>(std::move(coro));
}
template <class T>
NamedCoroAwaiter<T> awaiter_of_coro(const Coro<T>& coro) noexcept {
  return NamedCoroAwaiter<T>(coro);
}

template <class A>
decltype(auto) awaiter_of(A&& awaitable) {
  if constexpr (CoroLike<A>) {
    return awaiter_of_coro(std::forward<A>(awaitable));
  } else if constexpr (FutureLike<A>) {
    return FutureAwaiter(as_future(std::forward<A>(awaitable)).shared());
  } else if constexpr (LibraryAwaiter<A>) {
    return static_cast<A>(std::forward<A>(awaitable));
  } else if constexpr (requires { std::forward<A>(awaitable).operator co_await(); }) {
    return std::forward<A>(awaitable).operator co_await();
  } else {
    return operator co_await(std::forward<A>(awaitable));
  }
}

template <class T>
Coro<T> Promise<T>::get_return_object(BodyPlace body) noexcept {
  static_assert(sizeof(Promise) == sizeof(PromiseBase) && alignof(Promise) == alignof(PromiseBase));
  begins_at(body);
  return Coro<T>(*this);
}
inline Coro<void> Promise<void>::get_return_object(BodyPlace body) noexcept {
  begins_at(body);
  return Coro<void>(*this);
}

}  // namespace detail
}  // namespace asyncio
