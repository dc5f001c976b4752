// What the runner asks of the JavaScript around it (`hooks` of
// web/src/runtimes/cpp/runner_module.ts).
#pragma once

#include <string_view>

namespace loopscope::host {

// Hands over whole lines of the trace; they are copied.
void trace(std::string_view lines);
// What the program or the library printed, for a terminal. `fd` is 1 or 2.
void print(int fd, std::string_view text);
// Blocks for so many milliseconds.
void sleep(double milliseconds);
// Milliseconds since some moment; only differences mean something.
double now();

}  // namespace loopscope::host
