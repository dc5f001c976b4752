// How long a wait may take, in the system's words.
#pragma once

#include <optional>

#include <asyncio/time.hpp>

namespace asyncio {

// For poll() and epoll_wait(). Rounded up, so that a timer is due when the wait is over. asyncio:
// PollSelector.select
inline int to_milliseconds(std::optional<Duration> timeout) {
  if (!timeout) return -1;
  if (*timeout <= Duration::zero()) return 0;
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*timeout).count());
}

}  // namespace asyncio
