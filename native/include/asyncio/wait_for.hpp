// One awaitable and a deadline.
#pragma once

#include <asyncio/gather.hpp>
#include <asyncio/timeout.hpp>

namespace asyncio {

namespace detail {
// Cancels it and waits until it has ended. asyncio: _cancel_and_wait
Coro<> cancel_and_wait(Ref<FutureBase> future);
// What wait_for() throws when its time was over before it began.
[[noreturn]] void throw_timeout_of(FutureBase& cancelled);

template <class T>
Coro<T> wait_for_at_once(Future<T> future) {
  if (!future.done()) {
    Coro<> cancelling = cancel_and_wait(future.shared());
    co_await cancelling;
    if (future.cancelled()) throw_timeout_of(*future.shared());
  }
  co_return take(*future.shared());
}
}  // namespace detail

// The result of a coroutine (which runs in the waiting task), a task or a future; TimeoutError when
// `timeout` is over first: then it is cancelled, and waited for. What swallows the cancellation and
// gives a result has its result given. With a timeout of zero or less, a coroutine never begins.
// nullopt: no timeout. Cancelling the waiting task cancels what it waits for.
// asyncio: wait_for
template <class A>
Coro<detail::child_value_t<A>> wait_for(
    A awaitable, std::optional<Duration> timeout,
    std::source_location loc = std::source_location::current()) {
  using T = detail::child_value_t<A>;
  if (timeout && *timeout <= Duration::zero()) {
    Coro<T> ending = detail::wait_for_at_once<T>(detail::as_child(std::move(awaitable), loc));
    if constexpr (std::is_void_v<T>) {
      co_await ending;
      co_return;
    } else {
      co_return co_await ending;
    }
  }
  Coro<T> guarded = asyncio::timeout(timeout, std::move(awaitable), loc);
  co_return co_await guarded;
}

}  // namespace asyncio
