// Virtual time in the words of the C library, for the files that stand in for its clocks: Linux
// (virtual_process_time.cpp) and WebAssembly (wasm/runner/virtual_sleep.cpp).
#pragma once

#include <time.h>

#include <chrono>

#include "backends/virtual_time.hpp"

namespace asyncio::program {

// What the calendar says at virtual time 0: 2020-01-01 00:00 UTC.
inline constexpr std::chrono::seconds kCalendarBegin{1577836800};

inline timespec to_timespec(Duration duration) noexcept {
  const auto whole = std::chrono::floor<std::chrono::seconds>(duration);
  return {static_cast<time_t>(whole.count()), static_cast<long>((duration - whole).count())};
}

inline Duration to_duration(const timespec& time) noexcept {
  return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

// `now` as `clock` shows it; not for clocks of CPU time.
inline Duration shown_by(clockid_t clock, Instant now) noexcept {
  const bool calendar =
      clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
  return now.time_since_epoch() + (calendar ? Duration(kCalendarBegin) : Duration{0});
}
inline Duration virtual_now(clockid_t clock) noexcept {
  return shown_by(clock, VirtualTime::of_process()->now());
}
// For the program, which may be waiting for a time to come.
inline timespec ask(clockid_t clock) noexcept {
  return to_timespec(shown_by(clock, VirtualTime::of_process()->ask()));
}

// CPU time stays real.
inline bool is_wall_clock(clockid_t clock) noexcept {
  return clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID && clock >= 0;
}

}  // namespace asyncio::program
