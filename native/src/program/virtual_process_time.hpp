// The virtual clock for everything in the process, not for loops alone.
#pragma once

namespace asyncio::program {

// From here on std::this_thread::sleep_for(), sleep(), nanosleep() ... take no time and advance
// VirtualTime::of_process(), and std::chrono's clocks tell it. So code that blocks a loop blocks it
// in the trace too, at once and the same every time. The calendar begins at 2020-01-01 00:00 UTC.
void make_process_time_virtual() noexcept;

}  // namespace asyncio::program
