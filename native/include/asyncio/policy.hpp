// Which loop a program gets: the one-line swap of the loop's implementation.
#pragma once

#include <asyncio/event_loop.hpp>

namespace asyncio {

// Decides what new_event_loop() makes and what get_event_loop() finds. One for the whole process.
// Every method throws NotImplementedError until it is overridden. asyncio: AbstractEventLoopPolicy
class AbstractEventLoopPolicy {
 public:
  AbstractEventLoopPolicy() = default;
  AbstractEventLoopPolicy(const AbstractEventLoopPolicy&) = delete;
  AbstractEventLoopPolicy& operator=(const AbstractEventLoopPolicy&) = delete;
  virtual ~AbstractEventLoopPolicy() = default;

  // The current loop of this context. Throws RuntimeError where there is none.
  virtual EventLoop& get_event_loop();
  // Not owned; null unsets it.
  virtual void set_event_loop(EventLoop* loop);
  virtual std::unique_ptr<EventLoop> new_event_loop();
};

// Each thread has a current loop of its own, and none until one is set; loops are made as the
// environment asks. Override new_event_loop() to swap the implementation. asyncio:
// DefaultEventLoopPolicy
class DefaultEventLoopPolicy : public AbstractEventLoopPolicy {
 public:
  EventLoop& get_event_loop() override;
  void set_event_loop(EventLoop* loop) override;
  std::unique_ptr<EventLoop> new_event_loop() override;
};

// The policy in use; the default one, until another is set. asyncio: get_event_loop_policy
AbstractEventLoopPolicy& get_event_loop_policy();
// Null brings the default one back. Set it before other threads use loops.
// asyncio: set_event_loop_policy
void set_event_loop_policy(std::unique_ptr<AbstractEventLoopPolicy> policy);

namespace detail {
// The loop ends: no thread's default policy finds it any more.
void forget_event_loop(const EventLoop& loop) noexcept;
}  // namespace detail

}  // namespace asyncio
