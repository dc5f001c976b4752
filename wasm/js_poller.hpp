// Waiting inside a JavaScript host.
#pragma once

#include <asyncio/poller.hpp>

namespace loopscope {

// For a loop in a JavaScript host, where there are no descriptors and no other threads.
//
// Without `sleep` it never blocks: wait() returns at once, and the host, which has an event loop of
// its own, calls EventLoop::turn() when next_timeout() is over. With `sleep` (a worker that may
// block), wait() blocks in it.
class JsPoller final : public asyncio::Poller {
 public:
  // `sleep` blocks for so many milliseconds; may be null.
  explicit JsPoller(void (*sleep)(double milliseconds)) noexcept : sleep_(sleep) { quiet_ = true; }

  // Throws std::system_error (ENOSYS).
  void watch(int fd, asyncio::Interest interest) override;
  // Without a timeout nothing could end the wait: throws NothingToWaitFor, whether it may block or
  // not.
  void wait(std::optional<asyncio::Duration> timeout, std::vector<asyncio::Ready>& ready) override;
  void wake() noexcept override {
    woken_ = true;
    quiet_ = false;
  }
  std::string_view name() const noexcept override { return sleep_ ? "js-blocking" : "js"; }

 private:
  void (*sleep_)(double milliseconds);
  bool woken_ = false;
};

}  // namespace loopscope
