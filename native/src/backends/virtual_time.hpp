// Time that passes only while nothing happens.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include <asyncio/poller.hpp>
#include <asyncio/time.hpp>

namespace asyncio {

// A clock that starts at 0, and the poller that moves it: to wait is to let that much time have
// passed. A program that sleeps for an hour ends at once, and does the same at every run.
//
// wait() without a timeout throws NothingToWaitFor, unless a wake() is pending or other threads
// exist that may send one.
class VirtualTime final : public Clock, public Poller {
 public:
  // `may_be_woken`: tells whether anybody else is there to call wake().
  explicit VirtualTime(bool (*may_be_woken)() noexcept) noexcept : may_be_woken_(may_be_woken) {}

  Instant now() const override;
  // What a blocking sleep does: time passes, and the loop sees none of it.
  void advance(Duration duration);

  // Differs from a real poller: a descriptor is never ready here. Throws std::system_error
  // (ENOSYS).
  void watch(int fd, Interest interest) override;
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override;
  void wake() noexcept override;
  std::string_view name() const noexcept override { return "virtual"; }

  // The one of this process: loops that run one after another, and blocking sleeps between them,
  // share their time.
  static const std::shared_ptr<VirtualTime>& of_process();

 private:
  bool (*may_be_woken_)() noexcept;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  Instant now_{};
  bool wake_pending_ = false;
};

}  // namespace asyncio
