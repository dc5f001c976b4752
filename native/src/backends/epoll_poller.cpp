#include "backends/epoll_poller.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "backends/timeouts.hpp"

namespace asyncio {

namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

unsigned to_events(Interest interest) {
  unsigned events = 0;
  if (interest == Interest::read || interest == Interest::both) events |= EPOLLIN;
  if (interest == Interest::write || interest == Interest::both) events |= EPOLLOUT;
  return events;
}

// An error or a hang-up makes both directions ready: reading or writing will say what it is.
Interest to_interest(unsigned events) {
  const bool read = events & ~static_cast<unsigned>(EPOLLOUT);
  const bool write = events & ~static_cast<unsigned>(EPOLLIN);
  return read && write ? Interest::both : read ? Interest::read : Interest::write;
}

}  // namespace

EpollPoller::EpollPoller() : epoll_(epoll_create1(EPOLL_CLOEXEC)), events_(1) {
  if (epoll_ < 0) throw_errno("epoll_create1");
  wake_event_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_event_ < 0) throw_errno("eventfd");
  control(EPOLL_CTL_ADD, wake_event_, EPOLLIN);
  quiet_ = true;
}

EpollPoller::~EpollPoller() {
  if (wake_event_ >= 0) close(wake_event_);
  if (epoll_ >= 0) close(epoll_);
}

void EpollPoller::control(int operation, int fd, unsigned events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll_, operation, fd, &event) < 0) throw_errno("epoll_ctl");
}

void EpollPoller::watch(int fd, Interest interest) {
  const bool known = watched_.contains(fd);
  if (interest == Interest::none) {
    watched_.erase(fd);  // first: of one that is closed already the system knows nothing
    if (known) control(EPOLL_CTL_DEL, fd, 0);
    return;
  }
  quiet_ = false;
  control(known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, to_events(interest));
  watched_[fd] = interest;
  events_.resize(watched_.size() + 1);
}

void EpollPoller::wait(std::optional<Duration> timeout, std::vector<Ready>& ready) {
  const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()),
                               to_milliseconds(timeout));
  if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
  for (int index = 0; index < count; ++index) {
    const epoll_event& event = events_[static_cast<std::size_t>(index)];
    if (event.data.fd == wake_event_) {
      drain_wake_event();
    } else {
      ready.push_back({event.data.fd, to_interest(event.events)});
    }
  }
  // A wake() that comes now is seen by the loop itself, or ends the next wait that blocks.
  quiet_.store(watched_.empty(), std::memory_order_relaxed);
}

void EpollPoller::drain_wake_event() const noexcept {
  std::uint64_t wakes = 0;
  static_cast<void>(!read(wake_event_, &wakes, sizeof wakes));
}

void EpollPoller::wake() noexcept {
  const std::uint64_t one = 1;
  quiet_.store(false, std::memory_order_relaxed);
  static_cast<void>(!write(wake_event_, &one, sizeof one));
}

}  // namespace asyncio
