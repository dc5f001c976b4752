#include <asyncio/coro.hpp>
#include <asyncio/log.hpp>

#include "core/file_name.hpp"

namespace asyncio::detail {

void log_thrown_by_destructor() noexcept {
  std::string text;
  try {
    text = "Exception ignored in a destructor\n" + describe(std::current_exception());
  } catch (const std::bad_alloc&) {
    text = "Exception ignored";
  }
  log(running_loop(), LogLevel::error, text);
}

void destroy_frame(PromiseBase& promise) noexcept {
  promise.forget_call();
  try {
    promise.handle().destroy();
  } catch (...) {
    log_thrown_by_destructor();
  }
}

void Call::drop_frame() noexcept {
  if (has_frame()) destroy_frame(PromiseBase::of(std::exchange(frame_, nullptr)));
}

void Call::drop() noexcept {
  drop_frame();
  end_quietly();
}

void Call::fail() noexcept {
  frame_ = std::coroutine_handle<>::from_address(const_cast<char*>(&failure_));
  std::construct_at(&exception_, std::current_exception());
}

std::exception_ptr Call::end_quietly() noexcept {
  if (!std::exchange(frame_, nullptr)) return nullptr;
  std::exception_ptr exception = std::move(exception_);
  std::destroy_at(&exception_);
  return exception;
}

void Call::rethrow() { std::rethrow_exception(end_quietly()); }

static void warn_never_awaited(const PromiseBase& promise) {
  const std::source_location& where = promise.where();
  std::string text = "coroutine '" + std::string(bare_function_name(where.function_name())) +
                     "' was never awaited";
  const EventLoop* const loop = running_loop();
  // Where its body is. Differs from asyncio, which tells where it was called.
  if (loop && loop->get_debug())
    text += "\nCoroutine defined at " + std::string(bare_file_name(where.file_name())) + ":" +
            std::to_string(where.line());
  log(loop, LogLevel::warning, text);
}

void drop_never_awaited(PromiseBase& promise) noexcept {
  try {
    warn_never_awaited(promise);
  } catch (const std::bad_alloc&) {
    log(running_loop(), LogLevel::warning, "a coroutine was never awaited");
  }
  destroy_frame(promise);
}

void throw_already_awaited() { throw RuntimeError("cannot reuse already awaited coroutine"); }

}  // namespace asyncio::detail
