// What the program prints, on its way to the terminal.
#pragma once

#include <string_view>

namespace asyncio::trace {

class Recorder;

// From here on what the program writes to its standard output and standard error goes to `recorder`
// too: through std::cout, std::wcout and their like, stdio, and write(2). It is printed as without
// a recorder, by the same streams with the same buffers, and recorded when it is written to them.
// What child processes write is printed and not recorded. `recorder` must live for good.
void capture_output(Recorder& recorder);

// To standard error and not into the trace. May be called in a signal handler.
void write_uncaptured_stderr(std::string_view text) noexcept;

}  // namespace asyncio::trace
