// One time axis for a whole trace.
#pragma once

#include <cstdint>
#include <vector>

#include "reader/trace_file.hpp"

namespace loopscope {

// When each event happened, on an axis that never runs backwards: where a later loop's clock starts
// anew, its events follow those before.
std::vector<std::int64_t> time_axis(const Trace& trace);

}  // namespace loopscope
