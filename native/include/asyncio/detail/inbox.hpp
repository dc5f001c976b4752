// The one door through which other threads reach a loop.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <asyncio/detail/ref.hpp>
#include <asyncio/handle.hpp>
#include <asyncio/trace.hpp>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

// Outlives the loop, so that a thread may knock at any time. References are not atomic: so a thread
// brings a handle of its own making and lets go of it (post), or asks for one that the loop left
// here for it (leave, then post by number) and never touches it.
class Inbox {
 public:
  // A handle left for another thread; 0 is none.
  using Ticket = std::uint64_t;
  struct Letter {
    HandleNode* node;
    trace::Cause by;  // who in another loop sent it
  };

  explicit Inbox(EventLoop& loop) noexcept : loop_(&loop) {}

  // Any thread. Takes over the caller's reference, and wakes the loop, which is there.
  void post(Ref<HandleNode> node, trace::Cause by);
  // Any thread: what was left under this number is scheduled, once. Nothing happens when it was
  // taken back, or when the loop is closed or gone.
  void post(Ticket ticket);

  // The loop's thread.
  Ticket leave(Ref<HandleNode> node);
  void take_back(Ticket ticket);
  std::vector<Letter> take();
  // The loop ends: what was left here goes.
  void close();

 private:
  void wake_loop();

  std::mutex mutex_;
  EventLoop* loop_;
  std::vector<Letter> letters_;
  std::map<Ticket, HandleNode*> left_;
  Ticket last_ticket_ = 0;
};

}  // namespace asyncio::detail
