// The parts of an EventLoop that the rest of the library may touch, by name.
#pragma once

#include <asyncio/event_loop.hpp>

namespace asyncio::detail {

struct LoopAccess {
  template <class Event>
  static void emit(const EventLoop& loop, const Event& event) {
    loop.emit(event);
  }
  static trace::Cause cause_now(const EventLoop& loop) { return loop.cause_now(); }
  static TaskCore* current_task(const EventLoop& loop) { return loop.current_task_; }
  static TaskCore* newest_task(const EventLoop& loop) { return loop.tasks_; }
  static Ref<HandleNode> schedule_at(EventLoop& loop, Instant when, Ref<HandleNode> node) {
    return loop.schedule_at(when, std::move(node));
  }
  static void schedule(EventLoop& loop, Ref<HandleNode> node) { loop.schedule(node.detach()); }
  static Abandonable*& combinators(EventLoop& loop) { return loop.combinators_; }
  static Abandonable*& generators(EventLoop& loop) { return loop.generators_; }
  static bool asyncgens_shutdown_called(const EventLoop& loop) {
    return loop.asyncgens_shutdown_called_;
  }
  static const Ref<LoopAnchor>& anchor(const EventLoop& loop) { return loop.anchor_; }
  static void run_until_done(EventLoop& loop, FutureBase& future) { loop.run_until_done(future); }
  static void begin_run(EventLoop& loop) { loop.begin_run(); }
  static void end_run(EventLoop& loop) noexcept { loop.end_run(); }
  static bool stopping(const EventLoop& loop) { return loop.stopping_; }
};

// Makes `loop` the running loop of this thread while it lives.
class Running {
 public:
  explicit Running(EventLoop& loop) noexcept;
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

 private:
  EventLoop* previous_;
};

}  // namespace asyncio::detail
