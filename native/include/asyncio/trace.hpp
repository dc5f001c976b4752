// What a loop tells about itself: the events of the trace, and the interface that receives them.
//
// The vocabulary is the trace schema, version 1 (native/schema/): one struct a kind, one field a
// JSON field. `loc` is the line that was running when it happened, where that is known exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <source_location>
#include <span>
#include <string_view>
#include <variant>

#include <asyncio/time.hpp>

namespace asyncio {

using HandleId = std::uint64_t;
using TaskId = std::uint64_t;
using FutureId = std::uint64_t;
using ResourceId = std::uint64_t;

namespace trace {

// Where in the source something was written. An `awaited` place comes from a co_await, of which GCC
// and Clang report different ends (see src/trace/await_lines.hpp).
struct Place {
  std::source_location where;
  bool awaited = false;
  // A place in a guest's source (Python), which stands instead of `where`.
  struct Guest {
    std::string_view func, file;
    unsigned line;
  };
  const Guest* guest = nullptr;

  bool known() const noexcept { return guest || where.line() != 0; }
};

// Who caused something. `outside`: no handle of the loop was running.
struct Cause {
  enum class Kind : unsigned char { outside, task, future, handle, yield };
  Kind kind = Kind::outside;
  std::uint64_t id = 0;
};

// What a suspended task waits for. `kind`: "yield", "sleep", "task", "future", "gather" ... or the
// type of the resource it waits at.
struct Awaiting {
  std::string_view kind;
  std::uint64_t id = 0;     // of the task or the future; where it waits at a resource, of its place
  HandleId handle = 0;      // sleep: the timer that ends it
  Instant when{};           // sleep: its deadline
  ResourceId resource = 0;  // the lock, queue ... it waits at
  std::string_view op = {};  // for what there: "acquire", "get", "put", "join", "wait" ...
};

enum class Outcome : unsigned char { result, exception, cancelled };

struct LoopStart {};
struct LoopStop {
  std::size_t ready, timers;
};
struct LoopClose {};
struct TurnBegin {
  std::size_t ready, timers;
  std::optional<Duration> timeout;
};
struct TurnEnd {
  std::size_t ran;
};
struct Scheduled {
  HandleId handle, parent;
  std::string_view label;
  TaskId task = 0;
  Cause by{};  // the task or future whose end scheduled it
  std::optional<Instant> when{};
  std::optional<Place> loc{};
};
struct TimerDue {
  HandleId handle;
  Instant when;
};
struct HandleCancelled {
  HandleId handle, parent;
};
struct Dropped {
  HandleId handle;
};
struct Abandoned {
  HandleId handle;
};
struct RunBegin {
  HandleId handle;
  TaskId task;
};
struct RunEnd {
  HandleId handle;
  bool raised;
  std::string_view error;
};
struct TaskCreated {
  TaskId task;
  std::string_view name, coro;
  TaskId parent;
  std::optional<Place> loc{};
};
struct TaskStepBegin {
  TaskId task;
  std::string_view throws;
  std::optional<Place> loc{};  // its first step: where the body begins
};
struct TaskSuspended {
  TaskId task;
  Awaiting awaiting;
  std::span<const Place> stack;  // outermost first
};
struct TaskWakeup {
  TaskId task;
  HandleId handle;
  Cause by;
};
struct TaskCancelRequested {
  TaskId task;
  Cause by;
  std::optional<Place> loc{};
};
// A request to cancel was taken back: asyncio's Task.uncancel(). `left`: requests that stand.
struct TaskUncancelled {
  TaskId task;
  unsigned left;
  std::optional<Place> loc{};
};
struct TaskDone {
  TaskId task;
  Outcome outcome;
  std::optional<std::string_view> value;
  std::string_view error;
  std::optional<Place> loc{};  // where what ended it was thrown
};
struct FutureCreated {
  FutureId future;
  std::string_view type;
  std::span<const Cause> children;
  std::optional<Place> loc;
};
struct FutureDone {
  FutureId future;
  Outcome outcome;
  Cause by;
  std::string_view error;
  std::optional<Place> loc{};
};
// Something was done to what tasks share (a lock, a queue ...) or live in (a timeout, a group ...):
// what it is like now, before those who wait for it are woken. See detail/resource.hpp.
struct Resource {
  ResourceId resource;
  std::string_view type;   // "lock", "queue", "task_group" ...
  std::string_view op;     // what was done: "created", "acquired", "put", "expired" ...
  std::string_view state;  // in words: "locked", "3 of 10"
  std::optional<std::int64_t> value{};  // the same as a number: items, free permits, arrived ...
  std::optional<std::int64_t> limit{};  // ... of how many
  std::size_t waiters = 0;              // tasks that wait at it
  Cause by{};
  std::optional<Instant> when{};           // its deadline
  std::optional<std::string_view> item{};  // what was put or got, as text
  std::optional<Place> loc{};
};
struct Log {
  enum class Level : unsigned char { warning, error };
  Level level;
  std::string_view text;
};

using What = std::variant<LoopStart, LoopStop, LoopClose, TurnBegin, TurnEnd, Scheduled, TimerDue,
                          HandleCancelled, Dropped, Abandoned, RunBegin, RunEnd, TaskCreated,
                          TaskStepBegin, TaskSuspended, TaskWakeup, TaskCancelRequested,
                          TaskUncancelled, TaskDone, FutureCreated, FutureDone, Resource, Log>;

}  // namespace trace

struct TraceEvent {
  Instant t;
  unsigned loop;       // counted from 1; 0: outside any loop
  std::uint64_t turn;  // counted from 1; 0: before the first
  trace::What what;
};

// Receives every event of the loops it is attached to, in order, while it happens. It cannot change
// what the loop does: it must not throw or call into the loop, and what an event points to is gone
// when on() returns.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void on(const TraceEvent& event) noexcept = 0;
};

// The bare name in what std::source_location::function_name() gives: "hello" of "asyncio::Coro<>
// app::hello(int)", "lambda" for a lambda. The same for GCC and Clang.
std::string_view bare_function_name(std::string_view pretty);

}  // namespace asyncio
