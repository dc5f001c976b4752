// What is not as usual with a loop, in one word.
#pragma once

#include <atomic>

namespace asyncio::detail {

// Scheduling asks for all of it with one load and one branch. Some flags are set by other threads
// and by signal handlers.
class Attention {
 public:
  enum Flag : unsigned {
    closed = 1,
    debug = 2,
    foreign = 4,   // the loop is somebody else's: AbstractEventLoop
    outside = 8,   // the inbox has something
    signals = 16,  // a watched signal came
    traced = 32,   // events are told
  };

  bool any() const noexcept { return flags_.load(std::memory_order_acquire) != 0; }
  bool has(Flag flag) const noexcept {
    return (flags_.load(std::memory_order_acquire) & flag) != 0;
  }
  void set(Flag flag, bool on = true) noexcept {
    if (on) {
      flags_.fetch_or(flag, std::memory_order_acq_rel);
    } else {
      flags_.fetch_and(~static_cast<unsigned>(flag), std::memory_order_acq_rel);
    }
  }

 private:
  std::atomic<unsigned> flags_{0};
};

}  // namespace asyncio::detail
