#include <asyncio/coro.hpp>
#include <asyncio/log.hpp>

namespace asyncio::detail {

void Call::drop_frame() noexcept { std::exchange(frame_, nullptr).destroy(); }

void Call::fail() noexcept {
  frame_ = nullptr;
  std::construct_at(&exception_, std::current_exception());
}

std::exception_ptr Call::end_quietly() noexcept {
  if (std::exchange(frame_, nullptr)) return nullptr;
  std::exception_ptr exception = std::move(exception_);
  std::destroy_at(&exception_);
  return exception;
}

void Call::rethrow() { std::rethrow_exception(end_quietly()); }

void drop_never_awaited(PromiseBase& promise) noexcept {
  const std::string name(bare_function_name(promise.where().function_name()));
  log(running_loop(), LogLevel::warning, "coroutine '" + name + "' was never awaited");
  promise.handle().destroy();
}

void throw_already_awaited() { throw RuntimeError("cannot reuse already awaited coroutine"); }

}  // namespace asyncio::detail
