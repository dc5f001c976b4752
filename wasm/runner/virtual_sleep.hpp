// Blocking sleeps and the C library's clocks under the virtual clock.
#pragma once

namespace loopscope {

// From here on clock_gettime(), nanosleep() and what is made of them (std::chrono,
// std::this_thread) go by the virtual clock, as they do natively: a blocking sleep costs no time,
// and time passes on it.
void make_process_time_virtual() noexcept;

}  // namespace loopscope
