// Time as a loop sees it: 64-bit nanoseconds, and the one interface that tells it.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>

namespace asyncio {

// A length of time, in nanoseconds. Any whole number of std::chrono's units converts into it:
// `1s`, `250ms`. What is longer than it can hold (about 292 years) is as long as it can:
// `hours::max()` is as good as for ever, where std::chrono's own conversion overflows.
class Duration : public std::chrono::nanoseconds {
 public:
  Duration() = default;
  template <class Count>
    requires std::is_arithmetic_v<Count>
  constexpr explicit Duration(Count nanoseconds) : std::chrono::nanoseconds(nanoseconds) {}
  template <class Rep, class Period>
    requires std::convertible_to<std::chrono::duration<Rep, std::nano>, std::chrono::nanoseconds> &&
             (std::ratio_divide<Period, std::nano>::den == 1)
  constexpr Duration(const std::chrono::duration<Rep, Period>& length)
      : std::chrono::nanoseconds(nanoseconds_in(length)) {}

  static constexpr Duration zero() noexcept { return Duration(0); }
  static constexpr Duration min() noexcept { return Duration(kLeast); }
  static constexpr Duration max() noexcept { return Duration(kMost); }

 private:
  static constexpr rep kLeast = std::numeric_limits<rep>::min();
  static constexpr rep kMost = std::numeric_limits<rep>::max();
  template <class Rep, class Period>
  static constexpr rep nanoseconds_in(const std::chrono::duration<Rep, Period>& length) {
    constexpr rep kEach = std::ratio_divide<Period, std::nano>::num;
    if (length.count() > kMost / kEach) return kMost;
    if (length.count() < kLeast / kEach) return kLeast;
    return static_cast<rep>(length.count()) * kEach;
  }
};

// The loop's time scale; its zero is the clock's own affair (the virtual clock starts at 0).
struct LoopTime {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = std::chrono::nanoseconds;
  static constexpr bool is_steady = true;
};

// A point on that scale: what EventLoop::time() returns and call_at() takes.
using Instant = std::chrono::time_point<LoopTime, std::chrono::nanoseconds>;

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
