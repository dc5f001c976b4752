#include "reader/narrate_task.hpp"

#include <algorithm>

#include "reader/duration_text.hpp"
#include "reader/names.hpp"

namespace loopscope {

namespace {

std::string error_or(const Event& event, std::string_view otherwise) {
  return std::string(event.has("error") ? event.text("error") : otherwise);
}

bool is_task(const std::optional<Cause>& by, std::uint64_t task) {
  return by && by->kind == Cause::Kind::task && by->id == task;
}

// Who made a cancel request.
std::string requester_text(const TraceIndex& trace, const Event& request) {
  const auto by = request.cause("by");
  return is_task(by, request.id("task")) ? "it" : cause_text(trace, *by);
}

// What gave the task this step: ", because Task-2, which it awaited, returned 7".
std::string resume_reason(const TraceIndex& trace, std::size_t index, std::uint64_t task,
                          const std::string& before) {
  const auto scheduled = trace.last_of_task(task, Kind::scheduled, index);
  const auto by = scheduled ? trace.woken_by(scheduled->index) : std::nullopt;
  if (!by) return "";
  if (by->kind == Cause::Kind::yield) return before + "the others have had their turn";
  if (by->kind == Cause::Kind::task) {
    const auto done = trace.last_of_task(by->id, Kind::task_done, index);
    return before + task_text(trace, by->id) + ", which it awaited, " +
           (done ? outcome_text(*done->event) : "is done");
  }
  if (by->kind == Cause::Kind::future) {
    const auto done = trace.last_of_future(by->id, Kind::future_done, index);
    const bool over = done && done->event->text("outcome") == "result";
    if (over && future_type(trace, by->id) == "sleep") return before + "its sleep is over";
    if (const json::Value* wait = wait_at_resource(trace, by->id); wait && over)
      return before + "its wait for " + awaiting_text(trace, *wait) + " is over";
    return before + future_text(trace, by->id) + ", which it awaited, " +
           (done ? outcome_text(*done->event) : "is done");
  }
  return "";
}

// What asyncio.run() makes at its end, for a reader who has not written it.
std::string_view clean_up_text(std::string_view coro) {
  if (coro == "shutdown_default_executor") return ", which waits for the threads to end";
  return coro == "shutdown_asyncgens" ? ", which closes the async generators" : "";
}

std::string narrate_created(const TraceIndex& trace, const Event& event, const std::string& name) {
  const std::uint64_t parent = event.id("parent");
  return (parent == 0 ? "the program" : task_text(trace, parent)) + " creates " + name +
         " to run " + function_text(event.text("coro")) + place_suffix(event.place("loc")) +
         std::string(clean_up_text(event.text("coro"))) + "; nothing of it runs yet.";
}

std::string narrate_step(const TraceIndex& trace, std::size_t index, const Event& event,
                         const std::string& name) {
  const std::uint64_t task = event.id("task");
  const auto suspended = trace.last_of_task(task, Kind::task_suspended, index);
  const std::vector<Place> stack =
      suspended ? suspended->event->places("stack") : std::vector<Place>();
  const std::string where = stack.empty() ? "" : " in " + frame_text(stack.back());
  if (event.has("throws")) {
    const std::string thrown(event.text("throws"));
    const auto request = trace.last_of_task(task, Kind::task_cancel_requested, index);
    const std::string why =
        thrown == "CancelledError" && request
            ? ", because " + requester_text(trace, *request->event) + " cancelled it"
            : resume_reason(trace, index, task, ", because ");
    return suspended ? name + " goes on" + (where.empty() ? "" : where + ",") + " with " + thrown +
                           " thrown into it" + why + "."
                     : name + " gets " + thrown + " before it could begin" + why + ".";
  }
  if (!suspended) {
    const auto created = trace.last_of_task(task, Kind::task_created, index);
    return name + " begins to run" +
           (created ? " " + function_text(created->event->text("coro")) : "") + ".";
  }
  return name + " goes on" + where + resume_reason(trace, index, task, ": ") + ".";
}

// ", which Task-1 holds": of a lock that is waited for.
std::string holder_suffix(const TraceIndex& trace, std::size_t index, const json::Value& awaiting) {
  const json::Value* resource = awaiting.member("resource");
  if (!resource || *awaiting.member("kind")->text() != "lock") return "";
  auto last = trace.last_of_resource(static_cast<std::uint64_t>(*resource->integer()), index);
  while (last && last->event->text("op") != "released") {
    const Cause by = *last->event->cause("by");
    if (last->event->text("op") == "acquired")
      return by.kind == Cause::Kind::task ? ", which " + task_text(trace, by.id) + " holds" : "";
    last = trace.last_of_resource(last->event->id("id"), last->index);
  }
  return "";
}

std::string narrate_suspended(const TraceIndex& trace, std::size_t index, const Event& event,
                              const std::string& name) {
  const std::vector<Place> stack = event.places("stack");
  const std::string begin =
      name + " is suspended" + (stack.empty() ? "" : " in " + frame_text(stack.back()));
  const json::Value& awaiting = *event.line.member("awaiting");
  if (*awaiting.member("kind")->text() == "yield")
    return begin + ": sleep(0) lets the others run first, it waits for nothing.";
  if (const json::Value* when = awaiting.member("when"); when && when->integer())
    return begin + ": it sleeps until " + duration_text(*when->integer()) + ".";
  return begin + ": it waits for " + awaiting_text(trace, awaiting) +
         holder_suffix(trace, index, awaiting) + ".";
}

// "Task-1", "future 3", "the end of its sleep".
std::string waker_text(const TraceIndex& trace, const Cause& by, std::size_t index) {
  const json::Value* wait =
      by.kind == Cause::Kind::future ? wait_at_resource(trace, by.id) : nullptr;
  if (by.kind != Cause::Kind::future || (!wait && future_type(trace, by.id) != "sleep"))
    return cause_text(trace, by);
  const auto done = trace.last_of_future(by.id, Kind::future_done, index);
  const bool cancelled = done && done->event->text("outcome") == "cancelled";
  return std::string("the ") + (cancelled ? "cancellation" : "end") + " of its " +
         (wait ? "wait for " + awaiting_text(trace, *wait) : "sleep");
}

std::string narrate_wakeup(const TraceIndex& trace, std::size_t index, const Event& event,
                           const std::string& name) {
  const Cause by = *event.cause("by");
  const std::string goes_on = name + " will go on with handle #" + number_text(event.id("handle"));
  return by.kind == Cause::Kind::yield
             ? goes_on + ", because it only let the others run."
             : goes_on + ", woken by " + waker_text(trace, by, index) + ".";
}

std::string narrate_cancel(const TraceIndex& trace, std::size_t index, const Event& event,
                           const std::string& name) {
  const Cause by = *event.cause("by");
  const std::string who = by.kind == Cause::Kind::outside
                              ? "code outside the loop (run() does so with what is left)"
                              : cause_text(trace, by);
  const std::string asks =
      who + " asks " +
      (is_task(by, event.id("task")) ? "for its own cancellation" : name + " to cancel");
  const Event* next = trace.event(index + 1);
  // Waiting for something cancellable: that is cancelled at once, by the very next event.
  if (next && next->kind == Kind::future_done && next->text("outcome") == "cancelled")
    return asks + ": what it waits for is cancelled first.";
  const auto suspended = trace.last_of_task(event.id("task"), Kind::task_suspended, index);
  if (next && next->kind == Kind::task_cancel_requested && suspended) {
    const json::Value& awaiting = *suspended->event->line.member("awaiting");
    return asks + ": it waits for " + awaiting_text(trace, awaiting) +
           ", so the request goes on to " +
           (*awaiting.member("kind")->text() == "task" ? "that." : "them.");
  }
  return asks + ": CancelledError will be thrown into it when it runs next.";
}

std::string narrate_uncancelled(const Event& event, const std::string& name) {
  const std::int64_t left = event.number("left");
  const std::string rest =
      left == 0 ? "" : "; " + std::to_string(left) + " more " + (left == 1 ? "stands" : "stand");
  return "a request to cancel " + name + " is taken back: whoever asked has dealt with it" + rest +
         ".";
}

// The last request to cancel the task before event `index`, unless all have been taken back since.
std::optional<Found> standing_request(const TraceIndex& trace, std::uint64_t task,
                                      std::size_t index) {
  const auto request = trace.last_of_task(task, Kind::task_cancel_requested, index);
  const auto back = trace.last_of_task(task, Kind::task_uncancelled, index);
  if (request && back && back->event->number("left") == 0 && back->index > request->index)
    return std::nullopt;
  return request;
}

// Whether CancelledError was thrown into the task before event `index`.
bool was_cancelled_inside(const TraceIndex& trace, std::uint64_t task, std::size_t index) {
  auto step = trace.last_of_task(task, Kind::task_step_begin, index);
  while (step && step->event->text("throws") != "CancelledError")
    step = trace.last_of_task(task, Kind::task_step_begin, step->index);
  return step.has_value();
}

std::string narrate_done(const TraceIndex& trace, std::size_t index, const Event& event,
                         const std::string& name) {
  const std::uint64_t task = event.id("task");
  const auto request = standing_request(trace, task, index);
  if (event.text("outcome") == "cancelled") {
    const auto step = trace.last_of_task(task, Kind::task_step_begin, index);
    if (!trace.last_of_task(task, Kind::task_suspended, index) && step &&
        step->event->has("throws"))
      return name + " is cancelled; it never began.";
    return name + " ends cancelled" +
           (request ? ", as " + requester_text(trace, *request->event) + " asked" : "") + ".";
  }
  const bool swallowed = request && was_cancelled_inside(trace, task, index);
  return name + " " + outcome_text(event) +
         (swallowed ? " although it was cancelled: it caught CancelledError and kept it" : "") +
         ".";
}

// The tasks that wait for a future just before event `before`, in the order in which they came.
std::vector<std::string> waiter_texts(const TraceIndex& trace, std::uint64_t future,
                                      std::size_t before) {
  std::vector<std::string> names;
  auto suspended = trace.last_of_future(future, Kind::task_suspended, before);
  for (; suspended;
       suspended = trace.last_of_future(future, Kind::task_suspended, suspended->index)) {
    const std::uint64_t task = suspended->event->id("task");
    const auto last = trace.last_of_task(task, Kind::task_suspended, before);
    const auto step = trace.last_of_task(task, Kind::task_step_begin, before);
    if (last->index == suspended->index && (!step || step->index < suspended->index))
      names.push_back(task_text(trace, task));
  }
  std::reverse(names.begin(), names.end());
  return names;
}

std::string by_text(const TraceIndex& trace, const Event& event) {
  return cause_text(trace, *event.cause("by"));
}

std::string future_outcome(const TraceIndex& trace, std::size_t index, const Event& event) {
  const auto created = trace.last_of_future(event.id("future"), Kind::future_created, index);
  const bool collects = created && created->event->has("children");
  const std::string_view outcome = event.text("outcome");
  if (collects && outcome == "result") {
    const std::vector<Cause> children = created->event->causes("children");
    return "is done, because " + children_text(trace, children) +
           (children.size() == 1 ? " is" : " all are");
  }
  if (outcome == "exception") {
    const std::string error = error_or(event, "an exception");
    return collects ? "ends with " + error + ", as one of its children did"
                    : "gets " + error + " from " + by_text(trace, event);
  }
  return (outcome == "result" ? "gets its result from " : "is cancelled by ") +
         by_text(trace, event);
}

}  // namespace

std::string narrate_task(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::string name = task_text(trace, event.id("task"));
  switch (event.kind) {
    case Kind::task_created:
      return narrate_created(trace, event, name);
    case Kind::task_step_begin:
      return narrate_step(trace, index, event, name);
    case Kind::task_suspended:
      return narrate_suspended(trace, index, event, name);
    case Kind::task_wakeup:
      return narrate_wakeup(trace, index, event, name);
    case Kind::task_cancel_requested:
      return narrate_cancel(trace, index, event, name);
    case Kind::task_uncancelled:
      return narrate_uncancelled(event, name);
    default:
      return narrate_done(trace, index, event, name);
  }
}

std::string outcome_text(const Event& event) {
  const std::string_view outcome = event.text("outcome");
  if (outcome == "exception") return "ended with " + error_or(event, "an exception");
  if (outcome == "cancelled") return "was cancelled";
  if (event.kind == Kind::future_done) return "has its result";
  return event.has("value") ? "returned " + std::string(event.text("value")) : "returned";
}

std::string narrate_future_done(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::uint64_t future = event.id("future");
  const std::vector<std::string> waiters = waiter_texts(trace, future, index);
  if (future_type(trace, future) == "sleep" && !waiters.empty()) {
    const std::string sleep = waiters.front() + "'s sleep";
    return event.text("outcome") == "cancelled"
               ? sleep + " is cancelled by " + by_text(trace, event) + "."
               : sleep + " is over.";
  }
  if (wait_at_resource(trace, future) && event.text("outcome") != "exception")
    return future_text(trace, future) +
           (event.text("outcome") == "cancelled" ? " is cancelled by " : " is ended by ") +
           by_text(trace, event) + ".";
  const std::string wait = waiters.size() == 1 ? " waits," : " wait,";
  const std::string whose = waiters.empty() ? "" : ", for which " + short_list_text(waiters) + wait;
  return future_text(trace, future) + whose + " " + future_outcome(trace, index, event) + ".";
}

}  // namespace loopscope
