#include "backends/bell.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace asyncio {

Bell::Bell() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

Bell::~Bell() { close(event_); }

void Bell::ring() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!write(event_, &one, sizeof one));
}

Bell::Heard Bell::wait(std::optional<Duration> timeout) noexcept {
  constexpr Duration kLongest = std::chrono::hours(24);
  const int milliseconds =
      timeout ? static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(
                                     std::clamp(*timeout, Duration::zero(), kLongest))
                                     .count())
              : -1;
  pollfd one{event_, POLLIN, 0};
  const int heard = poll(&one, 1, milliseconds);
  if (heard == 0) return Heard::nothing;
  if (heard < 0) return Heard::signal;
  std::uint64_t rings = 0;
  static_cast<void>(!read(event_, &rings, sizeof rings));
  return Heard::ring;
}

Duration really_now() noexcept {
  timespec now{};
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);  // the library's function may be ours
  return std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec);
}

bool wait_really(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                 Duration limit) {
  timespec now{};
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);  // the library's function may be ours
  const Duration until = std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec) + limit;
  const auto whole = std::chrono::floor<std::chrono::seconds>(until);
  const timespec end{static_cast<time_t>(whole.count()),
                     static_cast<long>((until - whole).count())};
  return pthread_cond_timedwait(changed.native_handle(), lock.mutex()->native_handle(), &end) == 0;
}

}  // namespace asyncio
