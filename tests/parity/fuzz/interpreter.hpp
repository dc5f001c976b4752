// Runs a program of the differential test on this library's loop.
#pragma once

#include <string>
#include <vector>

#include "program.hpp"

namespace fuzz {

// Its log: "milliseconds turn task text" a line. Under the virtual clock (LOOPSCOPE_CLOCK=virtual).
// Throws std::runtime_error for an operation that it does not know.
std::vector<std::string> run(const Program& program);

}  // namespace fuzz
