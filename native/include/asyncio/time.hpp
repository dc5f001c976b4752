// Time as a loop sees it: 64-bit nanoseconds, and the one interface that tells it.
#pragma once

#include <chrono>
#include <cstdint>

namespace asyncio {

// A length of time. Anything of std::chrono converts into it: `1s`, `250ms`.
using Duration = std::chrono::nanoseconds;

// The loop's time scale; its zero is the clock's own affair (the virtual clock starts at 0).
struct LoopTime {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  static constexpr bool is_steady = true;
};

// A point on that scale: what EventLoop::time() returns and call_at() takes.
using Instant = std::chrono::time_point<LoopTime, Duration>;

// Seconds as a floating-point number, for printing: `1.5`.
constexpr double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
constexpr double seconds(Instant instant) { return seconds(instant.time_since_epoch()); }

// Tells the time to a loop. Only the Poller lets it pass.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  // Never goes backwards.
  virtual Instant now() const = 0;
  // A timer due less than this after now() runs in this turn. At least 1 ns.
  // asyncio: BaseEventLoop._clock_resolution
  virtual Duration resolution() const { return Duration{1}; }
};

}  // namespace asyncio
