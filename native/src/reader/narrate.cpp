#include "reader/narrate.hpp"

#include <algorithm>

#include "reader/duration_text.hpp"
#include "reader/names.hpp"
#include "reader/narrate_resource.hpp"
#include "reader/narrate_task.hpp"

namespace loopscope {

namespace {

std::string loop_text(const TraceIndex& trace, std::uint64_t loop) {
  return trace.loops().size() > 1 ? "loop " + std::to_string(loop) : "the event loop";
}

std::string left_text(std::int64_t ready, std::int64_t timers) {
  if (ready + timers == 0) return "";
  std::string text;
  if (ready > 0) text = count_text(ready, "handle") + " in the ready queue";
  if (timers > 0)
    text += (text.empty() ? "" : " and ") + count_text(timers, "timer") + " in the heap";
  return text + (ready + timers == 1 ? " is left" : " are left");
}

// " because Task-1 is done": in the last turn the loop was told that what it ran for is done.
std::string stop_reason(const TraceIndex& trace, std::size_t index) {
  while (index-- > 0) {
    const Event& event = *trace.event(index);
    if (event.kind == Kind::turn_begin) break;
    if (event.kind != Kind::run_begin) continue;
    const auto scheduled = trace.scheduled(event.id("handle"));
    if (!scheduled || scheduled->event->text("label") != "done_callback" ||
        scheduled->event->has("loc"))
      continue;
    const auto by = scheduled->event->cause("by");
    if (by && trace.collector_of(*by) == 0)
      return " because " + cause_text(trace, *by) + " is done";
  }
  return "";
}

std::string narrate_stop(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::string loop = loop_text(trace, event.loop);
  const Event* before = index > 0 ? trace.event(index - 1) : nullptr;
  if (before && before->kind == Kind::turn_begin && before->line.member("timeout")->is_null())
    return loop + " stops: nothing is ready and no timer is set, so it would wait forever.";
  const std::string left = left_text(event.number("ready"), event.number("timers"));
  return loop + " stops" + stop_reason(trace, index) + "; " +
         (left.empty() ? "its queues are empty" : left) + ".";
}

std::string wait_text(const Event& event) {
  const std::int64_t ready = event.number("ready");
  if (ready > 0)
    return count_text(ready, "handle") + (ready == 1 ? " is" : " are") +
           " ready, so the loop does not wait";
  if (event.line.member("timeout")->is_null())
    return "nothing is ready and no timer is set, so the loop waits until something wakes it from "
           "outside";
  if (event.number("timeout") > 0)
    return "nothing is ready, so the loop waits " + duration_text(event.number("timeout")) +
           ", until the next timer is due";
  return event.number("timers") > 0 ? "a timer is due already, so the loop does not wait"
                                    : "the loop does not wait";
}

std::string narrate_turn_end(const Event& event) {
  const std::int64_t ran = event.number("ran");
  return "turn " + std::to_string(event.turn) + " ends; " +
         (ran == 0 ? "nothing" : count_text(ran, "handle")) + " ran.";
}

// "Task-1, which it awaits, returned 7"; "its sleep is over".
std::string awaited_done_text(const TraceIndex& trace, std::size_t index, const Event& cause) {
  if (cause.kind == Kind::task_done)
    return task_text(trace, cause.id("task")) + ", which it awaits, " + outcome_text(cause);
  if (cause.kind != Kind::future_done) return "it asked for it";
  const std::uint64_t task = trace.event(index)->id("task");
  const auto suspended = trace.last_of_task(task, Kind::task_suspended, index);
  const bool cancelled = cause.text("outcome") == "cancelled";
  const std::string by = cancelled ? cause_text(trace, *cause.cause("by")) : "";
  if (suspended && *suspended->event->line.member("awaiting")->member("kind")->text() == "sleep")
    return cancelled ? "its sleep was cancelled by " + by : "its sleep is over";
  const json::Value* wait = wait_at_resource(trace, cause.id("future"));
  if (wait && cause.text("outcome") != "exception")
    return "its wait for " + awaiting_text(trace, *wait) +
           (cancelled ? " was cancelled by " + by : " is over");
  const std::string what = future_text(trace, cause.id("future")) + ", which it awaits, ";
  return what + (cancelled ? "was cancelled by " + by : outcome_text(cause));
}

std::string narrate_step_scheduled(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::string task = task_text(trace, event.id("task"));
  const auto by = trace.woken_by(index);
  if (by && by->kind == Cause::Kind::yield)
    return task +
           " is put at the end of the ready queue at once: sleep(0) only lets the others run "
           "first.";
  const auto cause = trace.cause_of(index);
  if (!cause) return task + " is put into the ready queue.";
  const std::string because = task + " is put into the ready queue because ";
  if (cause->event->kind == Kind::task_created)
    return because + "it is new: this will be its first step.";
  return because + awaited_done_text(trace, index, *cause->event) + ".";
}

// "Task-1 returned 7"; "future 3 has its result".
std::string done_text(const TraceIndex& trace, const Event& event) {
  if (event.kind == Kind::task_done)
    return task_text(trace, event.id("task")) + " " + outcome_text(event);
  if (event.kind == Kind::future_done)
    return future_text(trace, event.id("future")) + " " + outcome_text(event);
  return "what it is registered on is done";
}

// Who scheduled something.
std::string requester_text(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::uint64_t parent = event.id("parent");
  if (event.text("label") == "threadsafe" && parent == 0) return "another thread";
  if (const std::uint64_t task = trace.task_at(index)) return task_text(trace, task);
  if (parent != 0) return handle_text(trace, parent);
  const auto place = event.place("loc");
  return place && !place->func.empty() ? function_text(place->func) : "code outside the loop";
}

std::string at_text(const Event& event) {
  return event.has("when") ? duration_text(event.number("when")) : "some time";
}

std::string in_text(const Event& event) {
  const std::int64_t left = (event.has("when") ? event.number("when") : event.t) - event.t;
  return left > 0 ? duration_text(left) + " from now" : "which is now";
}

std::string narrate_scheduled(const TraceIndex& trace, std::size_t index, const Event& event) {
  if (event.has("task")) return narrate_step_scheduled(trace, index, event);
  const std::string who = requester_text(trace, index, event);
  const std::string number = "#" + number_text(event.id("handle"));
  const std::string where = place_suffix(event.place("loc"));
  const std::string_view label = event.text("label");
  if (label == "sleep")
    return who + " sets the timer " + number + " to end its sleep at " + at_text(event) + ".";
  if (label == "timer")
    return who + " sets the timer " + number + where + " for " + at_text(event) + ", " +
           in_text(event) + ".";
  if (label == "timeout")
    return who + " sets the timer " + number + where + " to end its timeout at " + at_text(event) +
           ", " + in_text(event) + ".";
  if (label == "callback")
    return who + " puts the callback " + number + where + " into the ready queue with call_soon.";
  if (label == "threadsafe")
    return who + " puts the callback " + number + where +
           " into the ready queue with call_soon_threadsafe.";
  if (label == "done_callback") {
    const auto cause = trace.cause_of(index);
    return handle_text(trace, event.id("handle")) + " is put into the ready queue because " +
           (cause ? done_text(trace, *cause->event) : "what it is registered on is done") + ".";
  }
  if (label == "io_ready" || label == "executor" || label == "signal")
    return handle_text(trace, event.id("handle")) + " is put into the ready queue because " +
           (label == "io_ready"   ? "a file descriptor is ready."
            : label == "executor" ? "the call has returned."
                                  : "the signal has come.");
  return who + " schedules " + std::string(label) + " " + number + where + ".";
}

std::string narrate_cancelled_handle(const TraceIndex& trace, std::size_t index,
                                     const Event& event) {
  const auto scheduled = trace.scheduled(event.id("handle"));
  const bool timer = scheduled && scheduled->event->has("when");
  const std::uint64_t task = trace.task_at(index);
  const std::string who = task != 0                 ? task_text(trace, task)
                          : event.id("parent") == 0 ? "code outside the loop"
                                                    : handle_text(trace, event.id("parent"));
  const std::uint64_t handle = event.id("handle");
  const std::string target = task != 0 && trace.sleeper_of(handle) == task
                                 ? "the timer #" + std::to_string(handle) + " of its sleep"
                                 : handle_text(trace, handle);
  return who + " cancels " + target + "; it stays in the " + (timer ? "heap" : "queue") +
         " until the loop comes across it.";
}

std::string narrate_run_begin(const TraceIndex& trace, const Event& event) {
  const std::string number = "#" + number_text(event.id("handle"));
  if (event.has("task"))
    return "the loop takes " + task_text(trace, event.id("task")) +
           " from the front of the ready queue (handle " + number + ").";
  if (const std::uint64_t sleeper = trace.sleeper_of(event.id("handle")))
    return "the timer " + number + " runs: " + task_text(trace, sleeper) +
           " has slept long enough.";
  return handle_text(trace, event.id("handle")) + " runs.";
}

std::string narrate_run_end(const TraceIndex& trace, const Event& event) {
  const std::string what = handle_text(trace, event.id("handle"));
  if (event.text("outcome") == "raised")
    return what + " raised " +
           std::string(event.has("error") ? event.text("error") : "an exception") +
           ": the exception handler is told, and the loop goes on.";
  const auto scheduled = trace.scheduled(event.id("handle"));
  const bool step = scheduled && scheduled->event->has("task");
  return (step ? "the step is over" : what + " has run") + "; the loop goes on.";
}

std::string narrate_future_created(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::uint64_t task = trace.task_at(index);
  const std::string makes = (task == 0 ? "the program" : task_text(trace, task)) + " makes " +
                            std::string(event.text("type")) + " " +
                            number_text(event.id("future")) + place_suffix(event.place("loc"));
  if (!event.has("children")) return makes + ".";
  const std::vector<Cause> children = event.causes("children");
  return makes + ": it will be done when " + children_text(trace, children) +
         (children.size() == 1 ? " is." : " are.");
}

// Text as the program wrote it, in quotes, on one line; cut after 200 UTF-16 units, which the page
// counts.
std::string quoted_line(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  if (text.ends_with("\n")) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0) == 0x80) continue;
    units += byte >= 0xF0 ? 2 : 1;
    if (units > kLongest) return json::quoted(std::string(text.substr(0, at)) + "…");
  }
  return json::quoted(text);
}

std::string narrate_output(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::uint64_t task = trace.task_at(index);
  return (task == 0 ? "the program" : task_text(trace, task)) + " writes " +
         quoted_line(event.text("text")) + (event.text("stream") == "stderr" ? " to stderr." : ".");
}

std::string narrate_log(const Event& event) {
  std::string_view text = event.text("text");
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != text.npos)
    text.remove_suffix(1);
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return std::string("the loop logs ") +
         (event.text("level") == "error" ? "an error" : "a warning") + ": " + line;
}

// The first time it says that the limit is reached; at the end, how much there would have been.
std::string narrate_truncated(const TraceIndex& trace, std::size_t index, const Event& event) {
  const std::string what(event.text("what"));
  const bool output = what == "output";
  for (std::size_t at = 0; at < index; ++at) {
    if (trace.event(at)->kind != Kind::truncated || trace.event(at)->text("what") != what) continue;
    return "in all, " +
           count_text(event.number("dropped"), output ? "byte" : what.substr(0, what.size() - 1)) +
           " of " + (output ? "output" : "the trace") + " were not recorded.";
  }
  return "the limit for " + what + " is reached: from here on " + (output ? "it is" : "they are") +
         " no longer recorded.";
}

std::string narrate_program_end(const Event& event) {
  if (event.text("outcome") == "exited")
    return "the program ends with exit code " + std::to_string(event.number("code")) + ".";
  return "the program crashes: " +
         std::string(event.has("error") ? event.text("error") : "no reason is known") + ".";
}

std::string narrate_unknown(const Event& event) {
  constexpr std::string_view kCommon[] = {"seq", "t", "loop", "turn", "kind"};
  json::Object rest;
  for (const json::Member& member : *event.line.object())
    if (std::find(std::begin(kCommon), std::end(kCommon), member.name) == std::end(kCommon))
      rest.push_back(member);
  return "\"" + std::string(event.text("kind")) +
         "\", a kind of event that this version does not know: " +
         json::Value(std::move(rest)).dump();
}

// The others say within the sentence where it was, if they do.
bool ends_with_place(const Event& event) {
  switch (event.kind) {
    case Kind::task_step_begin:
    case Kind::task_cancel_requested:
    case Kind::task_uncancelled:
    case Kind::task_done:
    case Kind::future_done:
    case Kind::output:
      return true;
    case Kind::scheduled:
      return event.text("label") == "sleep";
    case Kind::resource:
      return event.text("op") != "created";
    default:
      return false;
  }
}

std::string sentence(const TraceIndex& trace, std::size_t index, const Event& event) {
  switch (event.kind) {
    case Kind::loop_start:
      return loop_text(trace, event.loop) + (event.turn > 0 ? " runs again." : " starts.");
    case Kind::loop_stop:
      return narrate_stop(trace, index, event);
    case Kind::loop_close:
      return loop_text(trace, event.loop) + " is closed.";
    case Kind::turn_begin:
      return "turn " + std::to_string(event.turn) + " begins: " + wait_text(event) + ".";
    case Kind::turn_end:
      return narrate_turn_end(event);
    case Kind::scheduled:
      return narrate_scheduled(trace, index, event);
    case Kind::timer_due:
      return handle_text(trace, event.id("handle")) + " is due at " + at_text(event) +
             " and moves to the end of the ready queue.";
    case Kind::handle_cancelled:
      return narrate_cancelled_handle(trace, index, event);
    case Kind::dropped:
      return handle_text(trace, event.id("handle")) +
             " was cancelled, so the loop drops it without running it.";
    case Kind::abandoned:
      return handle_text(trace, event.id("handle")) +
             " will never run: it was still waiting when the loop was closed.";
    case Kind::run_begin:
      return narrate_run_begin(trace, event);
    case Kind::run_end:
      return narrate_run_end(trace, event);
    case Kind::task_created:
    case Kind::task_step_begin:
    case Kind::task_suspended:
    case Kind::task_wakeup:
    case Kind::task_cancel_requested:
    case Kind::task_uncancelled:
    case Kind::task_done:
      return narrate_task(trace, index, event);
    case Kind::future_created:
      return narrate_future_created(trace, index, event);
    case Kind::future_done:
      return narrate_future_done(trace, index, event);
    case Kind::resource:
      return narrate_resource(trace, event);
    case Kind::output:
      return narrate_output(trace, index, event);
    case Kind::log:
      return narrate_log(event);
    case Kind::io_ready:
      return "file descriptor " + std::to_string(event.number("fd")) + " is ready to " +
             std::string(event.text("interest")) + ".";
    case Kind::truncated:
      return narrate_truncated(trace, index, event);
    case Kind::program_end:
      return narrate_program_end(event);
    case Kind::unknown:
      return narrate_unknown(event);
  }
  return {};
}

}  // namespace

std::string narrate(const TraceIndex& trace, std::size_t index) {
  const Event& event = trace.trace().events()[index];
  std::string text = sentence(trace, index, event);
  if (ends_with_place(event)) text.insert(text.size() - 1, place_suffix(event.place("loc")));
  // With a capital, unless it begins with a name out of the program, such as main().
  const auto word =
      std::find_if(text.begin(), text.end(), [](char c) { return c < 'a' || c > 'z'; });
  if (word != text.begin() && word != text.end() && *word == ' ')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

}  // namespace loopscope
