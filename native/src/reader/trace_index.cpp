#include "reader/trace_index.hpp"

#include <algorithm>

namespace loopscope {

namespace {

constexpr std::uint64_t kSubjects = 4;
constexpr std::uint64_t kKinds = 32;
static_assert(static_cast<std::uint64_t>(Kind::unknown) < kKinds);

}  // namespace

TraceIndex::TraceIndex(const Trace& trace) : trace_(trace) {
  std::unordered_map<std::uint64_t, std::uint64_t> running_in;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> steps_in;
  running_.reserve(trace.events().size());
  stepping_.reserve(trace.events().size());
  for (std::size_t index = 0; index < trace.events().size(); ++index) {
    const Event& event = trace.events()[index];
    if (event.loop > 0) loops_.insert(event.loop);
    note_event(event, index);
    if (event.kind == Kind::run_begin) running_in[event.loop] = event.id("handle");
    const auto running = running_in.find(event.loop);
    running_.push_back(running == running_in.end() ? 0 : running->second);
    auto& steps = steps_in[event.loop];
    if (event.kind == Kind::task_step_begin) steps.push_back(event.id("task"));
    stepping_.push_back(steps.empty() ? 0 : steps.back());
    const bool ends = event.kind == Kind::task_suspended || event.kind == Kind::task_done;
    if (ends && !steps.empty() && steps.back() == event.id("task")) steps.pop_back();
    // What happens from here on is not in the trace, but for what is printed.
    if (event.kind == Kind::truncated && event.text("what") == "events") {
      running_in.clear();
      steps_in.clear();
    }
    if (event.kind == Kind::run_end) {
      running_in.erase(event.loop);
      steps.clear();
    }
  }
}

void TraceIndex::note(Subject subject, std::uint64_t id, std::size_t index) {
  const auto kind = static_cast<std::uint64_t>(trace_.events()[index].kind);
  lists_[(id * kSubjects + static_cast<std::uint64_t>(subject)) * kKinds + kind].push_back(index);
}

void TraceIndex::note_event(const Event& event, std::size_t index) {
  switch (event.kind) {
    case Kind::scheduled:
    case Kind::run_begin:
      if (event.has("task")) {
        task_of_handle_.emplace(event.id("handle"), event.id("task"));
        note(Subject::task, event.id("task"), index);
      }
      [[fallthrough]];
    case Kind::timer_due:
    case Kind::handle_cancelled:
    case Kind::dropped:
    case Kind::abandoned:
    case Kind::run_end:
      note(Subject::handle, event.id("handle"), index);
      break;
    case Kind::task_wakeup:
      note(Subject::handle, event.id("handle"), index);
      note(Subject::task, event.id("task"), index);
      break;
    case Kind::task_suspended: {
      note(Subject::task, event.id("task"), index);
      const json::Value& awaiting = *event.line.member("awaiting");
      const std::string_view kind = *awaiting.member("kind")->text();
      if (kind != "yield" && kind != "task")
        note(Subject::future, static_cast<std::uint64_t>(*awaiting.member("id")->integer()), index);
      break;
    }
    case Kind::task_created:
    case Kind::task_step_begin:
    case Kind::task_cancel_requested:
    case Kind::task_uncancelled:
    case Kind::task_done:
      note(Subject::task, event.id("task"), index);
      break;
    case Kind::future_created:
      for (const Cause& child : event.causes("children"))
        collectors_.emplace(std::pair(child.kind, child.id), event.id("future"));
      [[fallthrough]];
    case Kind::future_done:
      note(Subject::future, event.id("future"), index);
      break;
    case Kind::resource:
      note(Subject::resource, event.id("id"), index);
      break;
    default:
      break;
  }
}

std::optional<Found> TraceIndex::last_of(Subject subject, std::uint64_t id, Kind kind,
                                         std::size_t before) const {
  const auto list = lists_.find((id * kSubjects + static_cast<std::uint64_t>(subject)) * kKinds +
                                static_cast<std::uint64_t>(kind));
  if (list == lists_.end()) return std::nullopt;
  const auto after = std::lower_bound(list->second.begin(), list->second.end(), before);
  if (after == list->second.begin()) return std::nullopt;
  return Found{*(after - 1), &trace_.events()[*(after - 1)]};
}

std::optional<Found> TraceIndex::last_of_task(std::uint64_t task, Kind kind,
                                              std::size_t before) const {
  return last_of(Subject::task, task, kind, before);
}

std::optional<Found> TraceIndex::last_of_handle(std::uint64_t handle, Kind kind,
                                                std::size_t before) const {
  return last_of(Subject::handle, handle, kind, before);
}

std::optional<Found> TraceIndex::last_of_future(std::uint64_t future, Kind kind,
                                                std::size_t before) const {
  return last_of(Subject::future, future, kind, before);
}

std::optional<Found> TraceIndex::last_of_resource(std::uint64_t resource,
                                                  std::size_t before) const {
  return last_of(Subject::resource, resource, Kind::resource, before);
}

std::uint64_t TraceIndex::task_of_handle(std::uint64_t handle) const {
  const auto found = task_of_handle_.find(handle);
  return found == task_of_handle_.end() ? 0 : found->second;
}

std::uint64_t TraceIndex::sleeper_of(std::uint64_t timer) const {
  const auto made = scheduled(timer);
  return made && made->event->text("label") == "sleep" ? task_at(made->index) : 0;
}

std::optional<Cause> TraceIndex::woken_by(std::size_t index) const {
  const auto wakeup = last_of_handle(event(index)->id("handle"), Kind::task_wakeup);
  return wakeup ? wakeup->event->cause("by") : std::nullopt;
}

std::uint64_t TraceIndex::collector_of(const Cause& child) const {
  const auto found = collectors_.find({child.kind, child.id});
  return found == collectors_.end() ? 0 : found->second;
}

std::optional<Found> TraceIndex::cause_of(std::size_t index) const {
  const Event& made = *event(index);
  std::optional<Cause> by = made.cause("by");
  if (!by) by = woken_by(index);
  if (by && by->kind == Cause::Kind::task) return last_of_task(by->id, Kind::task_done, index);
  if (by && by->kind == Cause::Kind::future)
    return last_of_future(by->id, Kind::future_done, index);
  const std::uint64_t task = made.id("task");
  if (task == 0) return std::nullopt;
  const bool yielded = by && by->kind == Cause::Kind::yield;
  return last_of_task(task, yielded ? Kind::task_suspended : Kind::task_created, index);
}

}  // namespace loopscope
