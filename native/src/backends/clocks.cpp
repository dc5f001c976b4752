#include "backends/clocks.hpp"

namespace asyncio {

Instant MonotonicClock::now() const {
  return Instant(std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace asyncio
