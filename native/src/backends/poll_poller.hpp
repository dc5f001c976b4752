// Waiting with POSIX poll().
#pragma once

#include <poll.h>

#include <vector>

#include <asyncio/poller.hpp>

#include "backends/wake_pipe.hpp"

namespace asyncio {

// Reports descriptors in the order in which they were first watched. asyncio:
// selectors.PollSelector
class PollPoller : public Poller {
 public:
  // Throws std::system_error.
  PollPoller();

  void watch(int fd, Interest interest) override;
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override;
  void wake() noexcept override;
  std::string_view name() const noexcept override { return "poll"; }

 private:
  WakePipe wake_pipe_;
  std::vector<pollfd> watched_;  // the first is the pipe
};

}  // namespace asyncio
