// A way to end another thread's wait that works in signal handlers, and in real time even where the
// program's time is virtual.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

#include <asyncio/time.hpp>

namespace asyncio {

class Bell {
 public:
  Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  ~Bell();

  // Any thread, any signal handler. Rings before the wait are heard by it, as one.
  void ring() noexcept;
  // Until it rings, or a signal comes to this thread, at most `timeout` of real time.
  enum class Heard : unsigned char { nothing, ring, signal };
  Heard wait(std::optional<Duration> timeout = std::nullopt) noexcept;
  // Readable while it rings, for those who wait for other descriptors, too.
  int fd() const noexcept { return event_; }

 private:
  int event_ = -1;
};

// Real time, even where the program's is virtual; from some moment on.
Duration really_now() noexcept;

// Waits for `changed` at most `limit` of real time, even where the program's time is virtual; false
// when that is over.
bool wait_really(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                 Duration limit);

}  // namespace asyncio
