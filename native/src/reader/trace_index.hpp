// Finds events by what they are about, and what led to an event.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "reader/trace_file.hpp"

namespace loopscope {

// An event and its number in the trace.
struct Found {
  std::size_t index;
  const Event* event;
};

// The trace must outlive it.
class TraceIndex {
 public:
  static constexpr std::size_t kEnd = static_cast<std::size_t>(-1);

  explicit TraceIndex(const Trace& trace);

  const Trace& trace() const { return trace_; }
  const Event* event(std::size_t index) const {
    return index < trace_.events().size() ? &trace_.events()[index] : nullptr;
  }
  const std::set<std::uint64_t>& loops() const { return loops_; }

  // The last event of a kind that is about this task, handle, future or resource, before event
  // `before`.
  std::optional<Found> last_of_task(std::uint64_t task, Kind kind, std::size_t before = kEnd) const;
  std::optional<Found> last_of_handle(std::uint64_t handle, Kind kind,
                                      std::size_t before = kEnd) const;
  std::optional<Found> last_of_future(std::uint64_t future, Kind kind,
                                      std::size_t before = kEnd) const;

  // Of kind `resource`.
  std::optional<Found> last_of_resource(std::uint64_t resource, std::size_t before = kEnd) const;

  // The handle that was running when event `index` happened; for run_begin and run_end their own; 0
  // for none.
  std::uint64_t running_at(std::size_t index) const { return running_[index]; }
  // The task whose step a handle runs; 0 for callbacks and timers.
  std::uint64_t task_of_handle(std::uint64_t handle) const;
  // The task in whose step event `index` happened, the innermost where an eager task begins within
  // the step of who made it; 0 for none.
  std::uint64_t task_at(std::size_t index) const {
    return stepping_[index] != 0 ? stepping_[index] : task_of_handle(running_at(index));
  }
  // The task that a sleep's timer was set for; 0 for none.
  std::uint64_t sleeper_of(std::uint64_t timer) const;
  std::optional<Found> scheduled(std::uint64_t handle) const {
    return last_of_handle(handle, Kind::scheduled);
  }
  // Who gave a task the step that event `index` (a `scheduled`) is for.
  std::optional<Cause> woken_by(std::size_t index) const;
  // The event because of which a handle came into the ready queue, `index` being its `scheduled`:
  // the end of a task or future, the creation of a task, the suspension of sleep(0). None where it
  // was the running handle: call_soon, call_later.
  std::optional<Found> cause_of(std::size_t index) const;
  // The combinator that collects a task or future, the first if several do; 0 for none.
  std::uint64_t collector_of(const Cause& child) const;

 private:
  enum class Subject : unsigned char { task, handle, future, resource };
  void note(Subject subject, std::uint64_t id, std::size_t index);
  void note_event(const Event& event, std::size_t index);
  std::optional<Found> last_of(Subject subject, std::uint64_t id, Kind kind,
                               std::size_t before) const;

  const Trace& trace_;
  std::set<std::uint64_t> loops_;
  std::vector<std::uint64_t> running_;
  std::vector<std::uint64_t> stepping_;
  std::unordered_map<std::uint64_t, std::uint64_t> task_of_handle_;
  std::map<std::pair<Cause::Kind, std::uint64_t>, std::uint64_t> collectors_;
  // Subject, id and kind in one number -> the events, ascending.
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> lists_;
};

}  // namespace loopscope
