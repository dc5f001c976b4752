// The loop of a guest: an interpreter that has tasks, futures and callbacks of its own, and asks
// this core for what is next. native/python/loopscope/core.py has the same in the guest's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <asyncio/event_loop.hpp>

#include "core/loop_access.hpp"

namespace asyncio::guest {

// What a guest has scheduled. The binding derives from it: what it runs is the guest's affair.
class GuestNode : public detail::HandleNode {
 public:
  GuestNode() noexcept : HandleNode("callback", nullptr) {}
  void run() final {}  // the guest runs what next() gives it
  void discard() noexcept override {}

  TaskId task_id = 0;  // the task that it steps
  double seconds = 0;  // a timer's: what the guest asked for, before it was rounded

 protected:
  ~GuestNode() = default;
};

// What the next handle is, for the trace.
struct Note {
  std::string label = "callback";
  TaskId task = 0;
  trace::Cause by{};
  std::string func, file;
  unsigned line = 0;
  // Another thread than the loop's does it: no handle of the loop's has a part in it.
  bool from_thread = false;
};

// Passes events on while it is not muted.
class MutableTracer final : public Tracer {
 public:
  explicit MutableTracer(Tracer* next) noexcept : next_(next) {}
  void on(const TraceEvent& event) noexcept override {
    if (!muted) next_->on(event);
  }
  Tracer* or_null() noexcept { return next_ ? this : nullptr; }

  bool muted = false;

 private:
  Tracer* next_;
};

// An EventLoop that is pulled: callbacks run between two calls of next(). Used by one thread at a
// time (an interpreter's lock will do); wake() may be called by any, and wait() without the lock.
class GuestLoop {
 public:
  // How to wait for a turn, as begin_turn() says it: seconds, or for ever.
  static constexpr double kForever = -1;
  // Look at the descriptors that are watched, without waiting; and where threads take turns, let
  // them go on.
  static constexpr double kPoll = -3;
  // What wait() says on the virtual clock where nothing can ever happen.
  static constexpr double kDeadlock = -2;

  GuestLoop(EventLoop::Backend backend, Tracer* tracer)
      : tracer_(tracer),
        loop_(std::move(backend), tracer_.or_null()),
        virtual_(loop_.backend_name() == "virtual") {}
  GuestLoop(const GuestLoop&) = delete;
  GuestLoop& operator=(const GuestLoop&) = delete;

  EventLoop& loop() noexcept { return loop_; }
  Instant now() const { return loop_.time(); }
  // The same in seconds, for the guest. Never before the time of a timer that has run: instants are
  // whole nanoseconds, and a guest that finds its deadline not reached would wait for it again.
  double time() const noexcept;
  bool is_virtual() const noexcept { return virtual_; }
  bool traced() const noexcept { return loop_.tracer() != nullptr; }
  void mute(bool on) noexcept { tracer_.muted = on; }

  // -- Scheduling: a queue holds a reference to the node, and gives it a new number
  HandleId call_soon(GuestNode& node);
  HandleId call_at(GuestNode& node, double seconds);
  // What the next call_soon() or call_at() schedules.
  void note(Note note) { note_ = std::move(note); }

  // -- Turns
  // Zero: do not wait, next() may be called; under the virtual clock time has passed, unless
  // threads take turns, which need wait() for that. Otherwise wait(), or wait in a way of one's
  // own, and then collect(). `stopping`: the run ends after this turn. A turn that was left in the
  // middle ends first.
  double begin_turn(bool stopping);
  // Whether the wait that begin_turn() has asked for is that of threads that take turns.
  bool threads_take_turns() const noexcept { return turn_timeout_.has_value(); }
  // Waits, and appends the descriptors that became ready; 0 or kDeadlock.
  double wait(double seconds, std::vector<Ready>& ready);
  // Moves the timers that are due to the ready queue.
  void collect();
  // The next handle of this turn, whose run begins; null when there is none, which ends the turn.
  // Ends the run of the one before. The reference is the caller's.
  GuestNode* next();
  // The handle that runs has raised.
  void raised(std::string error);
  // Replaces the interest in a descriptor, which wait() then reports. Throws std::system_error.
  void watch(int fd, Interest interest);
  void wake() noexcept { detail::LoopAccess::poller(loop_).wake(); }

  // -- Life
  void loop_start();
  void loop_stop();
  // Takes out what is scheduled: the ready queue, then the timers by their deadlines; null when
  // there is nothing. The reference is the caller's. A turn that goes on has no more handles.
  GuestNode* take();
  // Drops what is scheduled.
  void close();
  // Calls `visit(node)` for all that is scheduled: the ready queue in its order, then the timers.
  template <class F>
  void each_scheduled(F&& visit) const {
    const auto visit_guest = [&](detail::HandleNode& node) {
      visit(static_cast<GuestNode&>(node));
    };
    detail::LoopAccess::ready(loop_).each(visit_guest);
    detail::LoopAccess::timers(loop_).each(visit_guest);
  }

  // What the guest's tasks do (asyncio/trace.hpp). Only while traced().
  template <class Event>
  void tell(const Event& event) const {
    detail::LoopAccess::emit(loop_, event);
  }

 private:
  void scheduled(GuestNode& node, std::optional<Instant> when);
  void end_handle();
  void end_turn();

  MutableTracer tracer_;
  EventLoop loop_;
  const bool virtual_;
  std::unordered_set<int> watched_;
  std::optional<Note> note_;
  double latest_ = 0;  // of the timers that have run
  std::optional<detail::Running> in_turn_;
  std::size_t of_turn_ = 0;  // handles of this turn, and how many of them are left
  std::size_t left_ = 0;
  std::vector<Ready> found_;              // while virtual time passed, for wait()
  std::optional<Duration> turn_timeout_;  // where threads take turns: that of the turn, exactly
  // Those of the thread that runs the loop, while one does: numbers count through a trace,
  // whichever thread schedules. Only one at a time does.
  detail::IdSource& ids() noexcept { return ids_ ? *ids_ : detail::id_source; }
  detail::IdSource* ids_ = nullptr;
  HandleId& running_ = detail::LoopAccess::running_handle(loop_);
  std::optional<std::string> error_;
};

}  // namespace asyncio::guest
