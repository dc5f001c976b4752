// The one door through which other threads reach a loop.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

#include <asyncio/detail/attention.hpp>
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
//
// What is posted is a stack that needs no lock, chained through the handles. Only who finds that
// the loop does not know of it yet takes the lock, tells it, and wakes it if it may be asleep: so
// once for as many as come until the loop takes them all.
class Inbox {
 public:
  // A handle left for another thread; 0 is none.
  using Ticket = std::uint64_t;

  explicit Inbox(EventLoop& loop) noexcept : loop_(&loop) {}

  // Any thread. Takes over the caller's reference; the loop is there. When it returns, whatever the
  // loop does next comes after it. `by`: who in another loop sent it.
  void post(Ref<HandleNode> node, trace::Cause by);
  // Any thread: what was left under this number is scheduled, once. Nothing happens when it was
  // taken back, or when the loop is closed or gone.
  void post(Ticket ticket);

  // The loop's thread.
  Ticket leave(Ref<HandleNode> node);
  void take_back(Ticket ticket);
  // All that was posted, in order, chained through `next`; each with a reference, and with who sent
  // it in `sender` and `id`. Lowers Attention::outside.
  HandleNode* take(Attention& attention) noexcept;
  // Whether a post must wake the loop, as it must at first. True: there was one already, so it must
  // not wait.
  bool may_sleep(bool may) noexcept;
  // The loop ends: what was left here goes.
  void close();

 private:
  void push(HandleNode* node, trace::Cause by) noexcept;
  void tell_loop() noexcept;

  std::atomic<HandleNode*> newest_{nullptr};
  std::atomic<bool> told_{false};  // the loop knows, or is about to: Attention::outside
  std::atomic<bool> may_sleep_{true};
  std::mutex mutex_;  // for what follows, and around raising and lowering what the loop is told
  EventLoop* loop_;
  std::map<Ticket, HandleNode*> left_;
  Ticket last_ticket_ = 0;
};

}  // namespace asyncio::detail
