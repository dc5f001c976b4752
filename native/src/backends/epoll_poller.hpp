// Waiting with Linux's epoll.
#pragma once

#include <sys/epoll.h>

#include <unordered_map>
#include <vector>

#include <asyncio/poller.hpp>

namespace asyncio {

// asyncio: selectors.EpollSelector
class EpollPoller final : public Poller {
 public:
  // Throws std::system_error.
  EpollPoller();
  ~EpollPoller() override;

  void watch(int fd, Interest interest) override;
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override;
  void wake() noexcept override;
  std::string_view name() const noexcept override { return "epoll"; }

 private:
  void control(int operation, int fd, unsigned events) const;
  void drain_wake_event() const noexcept;

  int epoll_ = -1;
  int wake_event_ = -1;
  std::unordered_map<int, Interest> watched_;
  std::vector<epoll_event> events_;  // room for all of them and the wake-up to be ready at once
};

}  // namespace asyncio
