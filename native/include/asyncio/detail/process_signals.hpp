// The signals of the process: what the operating system must do for add_signal_handler(). Defined
// by the backends.
#pragma once

namespace asyncio::detail {

inline constexpr int kMostSignals = 65;  // numbers from 1 up to below this

// Throws ValueError "invalid signal number 0".
void check_signal(int signal);
// From here on `arrived(to)` is called whenever `signal` comes, in the signal handler. Throws
// RuntimeError: "sig 9 cannot be caught", or somebody in the process has it already.
void catch_signal(int signal, void (*arrived)(void* to, int signal) noexcept, void* to);
// What the signal did before comes back; `arrived` is not running any more.
void release_signal(int signal) noexcept;

// SIGINT would end this process, and this is its first thread: what run() may take over.
bool interrupt_ends_process() noexcept;
int interrupt_signal() noexcept;
// As if SIGINT had come, with what it does now.
void interrupt_process() noexcept;
// A KeyboardInterrupt that nobody catches ends the process as SIGINT does.
void expect_keyboard_interrupt() noexcept;

}  // namespace asyncio::detail
