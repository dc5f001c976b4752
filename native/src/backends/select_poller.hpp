// Waiting with POSIX select().
#pragma once

#include <map>

#include <asyncio/poller.hpp>

#include "backends/wake_pipe.hpp"

namespace asyncio {

// Reports descriptors in the order of their numbers. asyncio: selectors.SelectSelector
class SelectPoller final : public Poller {
 public:
  // Throws std::system_error.
  SelectPoller();

  // Throws std::system_error too for a descriptor of FD_SETSIZE (1024) or more, which select()
  // cannot name.
  void watch(int fd, Interest interest) override;
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override;
  void wake() noexcept override;
  std::string_view name() const noexcept override { return "select"; }

 private:
  WakePipe wake_pipe_;
  std::map<int, Interest> watched_;
};

}  // namespace asyncio
