// Times and durations as text.
#pragma once

#include <cstdint>
#include <string>

namespace loopscope {

// "0 s", "250 µs", "1.5 s", "1 h 30 min": at most four significant digits below a minute.
std::string duration_text(std::int64_t nanoseconds);

}  // namespace loopscope
