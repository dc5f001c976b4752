#include <asyncio/coro.hpp>
#include <asyncio/log.hpp>

#include "core/file_name.hpp"

namespace asyncio::detail {

void log_thrown_by_destructor() noexcept {
  log(running_loop(), LogLevel::error,
      "Exception ignored in a destructor\n" + describe(std::current_exception()));
}

void destroy_frame(PromiseBase& promise) noexcept {
  promise.forget_call();
  try {
    promise.handle().destroy();
  } catch (...) {
    log_thrown_by_destructor();
  }
}

void Call::drop_frame() noexcept { destroy_frame(PromiseBase::of(std::exchange(frame_, nullptr))); }

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
  const std::source_location& where = promise.where();
  std::string text = "coroutine '" + std::string(bare_function_name(where.function_name())) +
                     "' was never awaited";
  const EventLoop* const loop = running_loop();
  // Where its body is. Differs from asyncio, which tells where it was called.
  if (loop && loop->get_debug())
    text += "\nCoroutine defined at " + std::string(bare_file_name(where.file_name())) + ":" +
            std::to_string(where.line());
  log(loop, LogLevel::warning, text);
  destroy_frame(promise);
}

void throw_already_awaited() { throw RuntimeError("cannot reuse already awaited coroutine"); }

}  // namespace asyncio::detail
