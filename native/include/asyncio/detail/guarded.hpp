// C++ has no `async with`: a block becomes a coroutine or a callable, which is run between entering
// and leaving what guards it.
#pragma once

#include <optional>

#include <asyncio/coro.hpp>
#include <asyncio/detail/temporary.hpp>

namespace asyncio::detail {

// The block's awaitable. `body` is a coroutine, a task, a future, or a callable that makes one,
// given the guard if it wants it.
template <class B, class Guard>
auto begin_body(B& body, Guard& guard) {
  if constexpr (CoroLike<B>) {
    return std::move(body);
  } else if constexpr (FutureLike<B>) {
    return as_future(body);
  } else if constexpr (std::invocable<B&, Guard&>) {
    return body(guard);
  } else {
    static_assert(std::invocable<B&>,
                  "the body is a coroutine, a task, a future, or a callable that returns one");
    return body();
  }
}
template <class B, class Guard>
using body_value_t =
    typename decltype(begin_body(std::declval<B&>(), std::declval<Guard&>()))::value_type;

// Tells a guard that the frame is destroyed before the block has ended (its loop goes away, or an
// async generator is closed): it must not touch the task any more.
template <class Guard>
class DropGuard {
 public:
  explicit DropGuard(Guard& guard) noexcept : guard_(guard) {}
  DropGuard(const DropGuard&) = delete;
  DropGuard& operator=(const DropGuard&) = delete;
  ~DropGuard() { guard_.drop(); }

 private:
  Guard& guard_;
};

// A guard that refuses leaves the block unrun.
template <class Guard, class B>
void enter_guard(Guard& guard, B& body) {
  try {
    guard.enter();
  } catch (...) {
    if constexpr (CoroLike<B>) body.close();
    throw;
  }
}

// `guard.enter()`, the block, `guard.leave(what it threw or null)`, which throws what is thrown on;
// it may be a coroutine. Guard: a reference, or the guard itself, which then lives in this frame,
// as the body does, so that a lambda's captures live as long as its coroutine.
template <class Guard, class B>
auto run_guarded(Guard guard, B body) -> Coro<body_value_t<B, std::remove_reference_t<Guard>>> {
  using T = body_value_t<B, std::remove_reference_t<Guard>>;
  enter_guard(guard, body);
  const DropGuard dropping(guard);
  std::optional<stored_t<T>> result;
  std::exception_ptr error;
  try {
    auto running = begin_body(body, guard);
    if constexpr (std::is_void_v<T>) {
      co_await running;
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
  if constexpr (!std::is_void_v<T>) co_return std::move(*result);
}

}  // namespace asyncio::detail
