// Where no signals come: WebAssembly.
#include <asyncio/detail/process_signals.hpp>
#include <asyncio/errors.hpp>

namespace asyncio::detail {

void check_signal(int) {}
void catch_signal(int, void (*)(void*, int) noexcept, void*) {
  throw RuntimeError("a program in WebAssembly receives no signals");
}
void release_signal(int) noexcept {}
bool interrupt_ends_process() noexcept { return false; }
int interrupt_signal() noexcept { return 0; }
void interrupt_process() noexcept {}
void expect_keyboard_interrupt() noexcept {}

}  // namespace asyncio::detail
