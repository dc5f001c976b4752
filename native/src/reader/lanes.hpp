// What each task and each loop did from when to when, and what woke whom. The page has the same
// (web/src/trace/spans.ts).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "reader/trace_index.hpp"

namespace loopscope {

// A stretch of a task's time: from event `from` to event `to`; without `to` it lasts to the end.
struct TaskSpan {
  enum class Kind : unsigned char { created, ready, running, waiting };
  Kind kind;
  std::size_t from;
  std::optional<std::size_t> to{};
  const json::Value* awaiting = nullptr;  // waiting
  std::string_view throws{};              // running: the exception thrown in at its beginning
  std::uint64_t handle = 0;               // ready, running: of the step
};

struct TaskLane {
  std::uint64_t task, loop;
  std::string_view name, coro;
  std::vector<TaskSpan> spans;
  bool over = false;
};

// What a loop itself did: waiting in the poller, or running a callback that is no task's step.
struct LoopSpan {
  enum class Kind : unsigned char { polling, callback };
  Kind kind;
  std::size_t from;
  std::optional<std::size_t> to{};
  std::uint64_t handle = 0;
};

struct LoopLane {
  std::uint64_t loop;
  std::vector<LoopSpan> spans;
};

// From the event that made a task ready to the beginning of the step that it got for it.
struct WakeArrow {
  std::string_view kind;    // created, woken, timer, cancelled
  std::uint64_t from_task;  // 0 for callbacks, timers and code outside the loop
  std::size_t from;
  std::uint64_t to_task;
  std::optional<std::size_t> to{};  // none while the task is still in the ready queue
};

class Lanes {
 public:
  // The trace must outlive it.
  explicit Lanes(const TraceIndex& trace);

  const std::vector<TaskLane>& tasks() const { return tasks_; }  // in the order of creation
  const std::vector<LoopLane>& loops() const { return loops_; }  // in the order of first events
  const std::vector<WakeArrow>& arrows() const { return arrows_; }

 private:
  TaskLane* lane(std::uint64_t task);
  void add_to_loop(const Event& event, std::size_t at);
  void add_to_task(const Event& event, std::size_t at);
  void suspend(const Event& event, std::size_t at);
  void make_ready(TaskSpan::Kind kind, const Event& event, std::size_t at);
  void begin_step(const Event& event, std::size_t at);
  void wake(const Event& event, std::size_t at);
  void open_arrow(const WakeArrow& arrow);

  const TraceIndex& trace_;
  std::vector<TaskLane> tasks_;
  std::vector<LoopLane> loops_;
  std::vector<WakeArrow> arrows_;
  std::map<std::uint64_t, std::size_t> lane_of_task_;
  std::map<std::uint64_t, std::size_t> open_arrows_;  // by the task they lead to
};

}  // namespace loopscope
