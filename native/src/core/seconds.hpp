// Seconds as interpreters and JavaScript count them, in floating point.
#pragma once

#include <cmath>
#include <limits>

#include <asyncio/time.hpp>

namespace asyncio {

// The nearest there is: what is longer than a Duration can be is as long as it can be. NaN is
// nothing: a timer that is due at no time runs at once, as asyncio's does.
inline Duration to_duration(double seconds) noexcept {
  const double count = std::nearbyint(seconds * 1e9);
  if (std::isnan(count)) return Duration{0};
  if (count >= static_cast<double>(std::numeric_limits<Duration::rep>::max()))
    return Duration::max();
  if (count <= static_cast<double>(std::numeric_limits<Duration::rep>::min()))
    return Duration::min();
  return Duration(static_cast<Duration::rep>(count));
}
inline Instant to_instant(double seconds) noexcept { return Instant(to_duration(seconds)); }

}  // namespace asyncio
