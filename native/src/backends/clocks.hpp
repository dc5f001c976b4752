// The clocks.
#pragma once

#include <asyncio/time.hpp>

namespace asyncio {

// The machine's monotonic clock. asyncio: time.monotonic
class MonotonicClock final : public Clock {
 public:
  Instant now() const override;
};

}  // namespace asyncio
