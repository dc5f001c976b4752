#include <asyncio/coro.hpp>
#include <asyncio/log.hpp>

namespace asyncio::detail {

void report_never_awaited(const PromiseBase& promise) noexcept {
  const std::string name(bare_function_name(promise.function().function_name()));
  log(running_loop(), LogLevel::warning, "coroutine '" + name + "' was never awaited");
}

void throw_already_awaited() { throw RuntimeError("cannot reuse already awaited coroutine"); }

}  // namespace asyncio::detail
