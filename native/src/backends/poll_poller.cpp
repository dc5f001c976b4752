#include "backends/poll_poller.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "backends/timeouts.hpp"

namespace asyncio {

namespace {

short to_events(Interest interest) {
  return static_cast<short>((includes(interest, Interest::read) ? POLLIN : 0) |
                            (includes(interest, Interest::write) ? POLLOUT : 0));
}

// Only what was asked for: an error or a hang-up makes both directions ready, for reading or
// writing will say what it is.
Interest to_interest(const pollfd& one) {
  const bool other = (one.revents & ~(POLLIN | POLLOUT)) != 0;
  const bool read = (one.events & POLLIN) && (other || (one.revents & POLLIN));
  const bool write = (one.events & POLLOUT) && (other || (one.revents & POLLOUT));
  return read && write ? Interest::both : read ? Interest::read : Interest::write;
}

}  // namespace

PollPoller::PollPoller() : watched_{{wake_pipe_.fd(), POLLIN, 0}} { quiet_ = true; }

void PollPoller::watch(int fd, Interest interest) {
  const auto known = std::find_if(watched_.begin() + 1, watched_.end(),
                                  [fd](const pollfd& one) { return one.fd == fd; });
  if (interest == Interest::none) {
    if (known != watched_.end()) watched_.erase(known);
    return;
  }
  // poll() itself would pass over a negative one, and report a closed one at every wait.
  if (fcntl(fd, F_GETFD) < 0) throw std::system_error(errno, std::system_category(), "poll");
  quiet_ = false;
  if (known != watched_.end()) {
    known->events = to_events(interest);
  } else {
    watched_.push_back({fd, to_events(interest), 0});
  }
}

void PollPoller::wait(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  const int count = poll(watched_.data(), watched_.size(), to_milliseconds(timeout));
  if (count < 0 && errno != EINTR) throw std::system_error(errno, std::system_category(), "poll");
  if (count > 0) {
    if (watched_.front().revents) wake_pipe_.drain();
    for (std::size_t index = 1; index < watched_.size(); ++index) {
      const pollfd& one = watched_[index];
      if (one.revents) ready.push_back({one.fd, to_interest(one)});
    }
  }
  // A wake() that comes now is seen by the loop itself, or ends the next wait that blocks.
  quiet_.store(watched_.size() == 1, std::memory_order_relaxed);
}

void PollPoller::wake() noexcept {
  quiet_.store(false, std::memory_order_relaxed);
  wake_pipe_.ring();
}

}  // namespace asyncio
