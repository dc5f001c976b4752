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
  static Inbox::Ticket leave(EventLoop& loop, Ref<HandleNode> node) {
    return loop.inbox_->leave(std::move(node));
  }
  static const std::shared_ptr<Inbox>& inbox(EventLoop& loop) { return loop.inbox_; }
  static bool has_default_executor(const EventLoop& loop) {
    return loop.default_executor_ != nullptr;
  }
  static void check_callable(const EventLoop& loop) {
    loop.check_closed();
    if (loop.get_debug()) loop.check_thread();
  }
  static std::shared_ptr<ThreadPoolExecutor>& default_executor(EventLoop& loop) {
    return loop.default_executor_;
  }
  static bool& executor_shutdown_called(EventLoop& loop) { return loop.executor_shutdown_called_; }
  static bool is_foreign(const EventLoop& loop) { return loop.foreign_ != nullptr; }
  static Poller& poller(EventLoop& loop) { return *loop.backend_.poller; }
  static bool stopping(const EventLoop& loop) { return loop.stopping_; }

  // -- For the loops of a guest, which runs the callbacks itself (src/guest/guest_loop.cpp)
  static void count_turn(EventLoop& loop) noexcept { ++loop.turn_; }
  static HandleId& running_handle(EventLoop& loop) noexcept { return loop.running_handle_; }
  static void enqueue(EventLoop& loop, HandleNode* node) noexcept { loop.enqueue(node); }
  static HandleQueue& ready(EventLoop& loop) noexcept { return loop.ready_; }
  static TimerHeap& timers(EventLoop& loop) noexcept { return loop.timers_; }
  static const HandleQueue& ready(const EventLoop& loop) noexcept { return loop.ready_; }
  static const TimerHeap& timers(const EventLoop& loop) noexcept { return loop.timers_; }
  static Poller& poller(const EventLoop& loop) noexcept { return *loop.backend_.poller; }
  static void drop_cancelled_timers(EventLoop& loop) { loop.drop_cancelled_timers(); }
  static void move_due_timers(EventLoop& loop) { loop.move_due_timers(); }
};

// Tells which loop runs in this thread from here on, and which did.
EventLoop* exchange_running_loop(EventLoop* loop) noexcept;
// What new loops are traced by, or null. Defined where the program's parts meet.
Tracer* tracer_of_process();

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
