// What Ctrl-C does to this process.
#pragma once

namespace asyncio {

using InterruptAction = void (*)(int signal);

// A handler of SIGINT that ends the process, as the default action does: run() may take its place
// while it runs.
void set_interrupt_action_that_ends(InterruptAction action) noexcept;

}  // namespace asyncio
