#include "backends/select_poller.hpp"

#include <fcntl.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace asyncio {

namespace {

void check_in_range(int fd) {
  if (fd < FD_SETSIZE) return;
  throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                          "select() cannot wait for descriptor " + std::to_string(fd) +
                              ": it must be below " + std::to_string(FD_SETSIZE) +
                              " (use the poll or epoll loop)");
}

// Rounded up, so that a timer is due when the wait is over. asyncio: SelectSelector.select
timeval to_timeval(Duration timeout) {
  const auto whole = std::chrono::ceil<std::chrono::microseconds>(std::max(timeout, Duration{0}));
  return {static_cast<time_t>(whole.count() / 1'000'000),
          static_cast<suseconds_t>(whole.count() % 1'000'000)};
}

}  // namespace

SelectPoller::SelectPoller() {
  check_in_range(wake_pipe_.fd());
  quiet_ = true;
}

void SelectPoller::watch(int fd, Interest interest) {
  if (interest == Interest::none) {
    watched_.erase(fd);
    return;
  }
  if (fcntl(fd, F_GETFD) < 0) throw std::system_error(errno, std::system_category(), "select");
  check_in_range(fd);
  quiet_ = false;
  watched_[fd] = interest;
}

void SelectPoller::wait(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  fd_set reading;
  fd_set writing;
  FD_ZERO(&reading);
  FD_ZERO(&writing);
  FD_SET(wake_pipe_.fd(), &reading);
  int highest = wake_pipe_.fd();
  for (const auto& [fd, interest] : watched_) {
    if (includes(interest, Interest::read)) FD_SET(fd, &reading);
    if (includes(interest, Interest::write)) FD_SET(fd, &writing);
    highest = std::max(highest, fd);
  }
  timeval time = to_timeval(timeout.value_or(Duration{0}));
  const int count = select(highest + 1, &reading, &writing, nullptr, timeout ? &time : nullptr);
  if (count < 0 && errno != EINTR) throw std::system_error(errno, std::system_category(), "select");
  if (count > 0) {
    if (FD_ISSET(wake_pipe_.fd(), &reading)) wake_pipe_.drain();
    for (const auto& [fd, interest] : watched_) {
      const unsigned found =
          (FD_ISSET(fd, &reading) ? 1U : 0U) | (FD_ISSET(fd, &writing) ? 2U : 0U);
      if (found) ready.push_back({fd, static_cast<Interest>(found)});
    }
  }
  // A wake() that comes now is seen by the loop itself, or ends the next wait that blocks.
  quiet_.store(watched_.empty(), std::memory_order_relaxed);
}

void SelectPoller::wake() noexcept {
  quiet_.store(false, std::memory_order_relaxed);
  wake_pipe_.ring();
}

}  // namespace asyncio
