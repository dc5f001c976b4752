// The platform seam of a loop: how it waits.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <asyncio/detail/crew.hpp>
#include <asyncio/time.hpp>

namespace asyncio {

enum class Interest : unsigned char { none = 0, read = 1, write = 2, both = 3 };
constexpr bool includes(Interest interest, Interest one) noexcept {
  return (static_cast<unsigned>(interest) & static_cast<unsigned>(one)) != 0;
}

// A file descriptor that became ready.
struct Ready {
  int fd;
  Interest interest;
};

// Waits for time to pass, a descriptor to become ready, or wake(). The only part of a loop that
// blocks.
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  virtual ~Poller() = default;

  // Replaces the interest in `fd`; Interest::none forgets it. Throws std::system_error.
  virtual void watch(int fd, Interest interest) = 0;
  // Waits at most `timeout` (nullopt: until something happens) and appends what is ready. Never
  // calls back.
  virtual void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) = 0;
  // Before each turn of a loop whose poller is not quiet(), which begins now; its next timer is due
  // at `next` (Instant::max(): none). Where waiting is all that lets time pass, turns that wait for
  // nothing would stop it for ever: here some may pass.
  virtual void turn_begins(Instant) {}
  // Ends the current or the next wait(). Callable from any thread, and from a signal handler.
  virtual void wake() noexcept = 0;
  // Where waiting is all that lets time pass, it must know of the work that threads do for the
  // loop: a place for one more call, else null. The loop's thread.
  virtual std::unique_ptr<detail::CrewSeat> new_seat() { return nullptr; }
  // Whether there is such work now, or this thread does some: others go on only while it waits.
  virtual bool threads_take_turns() const { return false; }
  // True while wait() with a timeout of zero would find nothing and change nothing: a loop that is
  // busy need not call it. A poller that does not care leaves it false.
  bool quiet() const noexcept { return quiet_.load(std::memory_order_relaxed); }
  // The name under which `loopscope loops` lists it: "epoll".
  virtual std::string_view name() const noexcept = 0;

 protected:
  std::atomic<bool> quiet_{false};
};

// Thrown by a Poller that can tell that nothing will ever happen: no descriptor, no timeout, no
// other thread. EventLoop::turn() turns it into a DeadlockError that names who waits.
struct NothingToWaitFor {};

}  // namespace asyncio
