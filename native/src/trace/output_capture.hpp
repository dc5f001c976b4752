// What the program prints, on its way to the terminal.
#pragma once

#include <string_view>

namespace asyncio::trace {

class Recorder;

// From here on what is written to std::cout, std::cerr, std::clog, stdout and stderr goes to
// `recorder` too, as it is written. What bypasses them (write(2), child processes) is printed and
// not recorded. `recorder` must live for good.
void capture_output(Recorder& recorder);

// To standard error and not into the trace.
void write_uncaptured_stderr(std::string_view text) noexcept;

}  // namespace asyncio::trace
