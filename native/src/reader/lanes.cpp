#include "reader/lanes.hpp"

#include <algorithm>

#include "reader/names.hpp"

namespace loopscope {

namespace {

TaskSpan* open_span(TaskLane& lane) {
  return lane.over || lane.spans.empty() ? nullptr : &lane.spans.back();
}

void begin_span(TaskLane& lane, const TaskSpan& span) {
  if (lane.over) return;
  if (TaskSpan* last = open_span(lane)) last->to = span.from;
  lane.spans.push_back(span);
}

void end_lane(TaskLane& lane, std::size_t at) {
  if (lane.over) return;
  if (TaskSpan* last = open_span(lane)) last->to = at;
  lane.over = true;
}

}  // namespace

Lanes::Lanes(const TraceIndex& trace) : trace_(trace) {
  for (std::size_t at = 0; const Event* event = trace.event(at); ++at) {
    if (event->kind == Kind::unknown) continue;
    if (event->loop > 0) add_to_loop(*event, at);
    add_to_task(*event, at);
  }
}

TaskLane* Lanes::lane(std::uint64_t task) {
  const auto found = lane_of_task_.find(task);
  return found == lane_of_task_.end() ? nullptr : &tasks_[found->second];
}

void Lanes::add_to_loop(const Event& event, std::size_t at) {
  auto lane = std::find_if(loops_.begin(), loops_.end(),
                           [&](const LoopLane& one) { return one.loop == event.loop; });
  if (lane == loops_.end()) lane = loops_.insert(lane, {event.loop, {}});
  if (!lane->spans.empty()) {
    // Whatever happens next ends the wait; a callback ends with its own run_end.
    LoopSpan& last = lane->spans.back();
    if (!last.to && (last.kind == LoopSpan::Kind::polling || event.kind == Kind::run_end))
      last.to = at;
  }
  const json::Value* timeout = event.line.member("timeout");
  if (event.kind == Kind::turn_begin && (timeout->is_null() || *timeout->integer() != 0))
    lane->spans.push_back({LoopSpan::Kind::polling, at});
  if (event.kind == Kind::run_begin && !event.has("task"))
    lane->spans.push_back({LoopSpan::Kind::callback, at, {}, event.id("handle")});
}

void Lanes::add_to_task(const Event& event, std::size_t at) {
  const std::uint64_t task = event.id("task");
  switch (event.kind) {
    case Kind::task_created:
      lane_of_task_[task] = tasks_.size();
      tasks_.push_back({task, event.loop, event.text("name"), event.text("coro"), {}});
      begin_span(tasks_.back(), {TaskSpan::Kind::created, at});
      open_arrow({"created", event.id("parent"), at, task});
      break;
    case Kind::scheduled:
      if (event.has("task")) make_ready(TaskSpan::Kind::ready, event, at);
      break;
    case Kind::run_begin:
      if (event.has("task")) make_ready(TaskSpan::Kind::running, event, at);
      break;
    case Kind::task_wakeup:
      wake(event, at);
      break;
    case Kind::task_step_begin:
      begin_step(event, at);
      break;
    case Kind::task_suspended:
      suspend(event, at);
      break;
    case Kind::task_done:
      if (TaskLane* own = lane(task)) end_lane(*own, at);
      break;
    case Kind::loop_close:
      for (TaskLane& own : tasks_)
        if (own.loop == event.loop) end_lane(own, at);
      break;
    case Kind::truncated:
      // What becomes of them is not in the trace.
      if (event.text("what") == "events")
        for (TaskLane& own : tasks_) end_lane(own, at);
      break;
    default:
      break;
  }
}

void Lanes::make_ready(TaskSpan::Kind kind, const Event& event, std::size_t at) {
  TaskLane* own = lane(event.id("task"));
  TaskSpan* last = own ? open_span(*own) : nullptr;
  if (!last) return;
  if (kind == TaskSpan::Kind::ready && last->kind == TaskSpan::Kind::running) return;
  // After sleep(0) it is ready before its next step is scheduled.
  if (kind == last->kind)
    last->handle = event.id("handle");
  else
    begin_span(*own, {kind, at, {}, nullptr, {}, event.id("handle")});
}

void Lanes::suspend(const Event& event, std::size_t at) {
  TaskLane* own = lane(event.id("task"));
  if (!own) return;
  const json::Value* awaiting = event.line.member("awaiting");
  const bool yields = *awaiting->member("kind")->text() == "yield";
  begin_span(*own, {yields ? TaskSpan::Kind::ready : TaskSpan::Kind::waiting, at, {}, awaiting});
}

void Lanes::begin_step(const Event& event, std::size_t at) {
  const std::uint64_t task = event.id("task");
  if (TaskLane* own = lane(task); own && !own->over) {
    if (own->spans.back().kind != TaskSpan::Kind::running)
      begin_span(*own, {TaskSpan::Kind::running, at});
    own->spans.back().throws = event.text("throws");
  }
  if (const auto open = open_arrows_.find(task); open != open_arrows_.end()) {
    arrows_[open->second].to = at;
    open_arrows_.erase(open);
  }
}

void Lanes::wake(const Event& event, std::size_t at) {
  const Cause by = *event.cause("by");
  const std::uint64_t task = event.id("task");
  if (by.kind == Cause::Kind::task) {
    if (const auto done = trace_.last_of_task(by.id, Kind::task_done, at))
      open_arrow({"woken", by.id, done->index, task});
  } else if (by.kind == Cause::Kind::future) {
    const auto done = trace_.last_of_future(by.id, Kind::future_done, at);
    if (!done) return;
    const bool cancelled = done->event->text("outcome") == "cancelled";
    const bool timer = future_type(trace_, by.id) == "sleep";
    open_arrow({cancelled ? "cancelled"
                : timer   ? "timer"
                          : "woken",
                trace_.task_at(done->index), done->index, task});
  }
}

void Lanes::open_arrow(const WakeArrow& arrow) {
  open_arrows_[arrow.to_task] = arrows_.size();
  arrows_.push_back(arrow);
}

}  // namespace loopscope
