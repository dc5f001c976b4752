#include "backends/virtual_time.hpp"

#include <system_error>

namespace asyncio {

Instant VirtualTime::now() const { return Instant(Duration(now_.load(std::memory_order_relaxed))); }

void VirtualTime::advance(Duration duration) {
  if (duration > Duration::zero()) now_.fetch_add(duration.count(), std::memory_order_relaxed);
}

void VirtualPoller::watch(int, Interest) {
  throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                          "the virtual clock cannot wait for file descriptors");
}

void VirtualPoller::wait(std::optional<Duration> timeout, std::vector<Ready>&) {
  std::unique_lock lock(mutex_);
  if (!wake_pending_) {
    if (timeout) {
      time_->advance(*timeout);
    } else if (may_be_woken_()) {
      woken_.wait(lock, [this] { return wake_pending_; });
    } else {
      throw NothingToWaitFor();
    }
  }
  wake_pending_ = false;
}

void VirtualPoller::wake() noexcept {
  const std::lock_guard lock(mutex_);
  wake_pending_ = true;
  woken_.notify_one();
}

}  // namespace asyncio
