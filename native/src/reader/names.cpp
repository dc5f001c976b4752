#include "reader/names.hpp"

#include <algorithm>

#include "reader/duration_text.hpp"

namespace loopscope {

namespace {

// "a", "a and b", "a, b and c".
std::string list_text(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (at > 0) text += at + 1 == names.size() ? " and " : ", ";
    text += names[at];
  }
  return text;
}

bool all_of(std::string_view text, bool (*test)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_in_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '-';
}

// The program's own say where they were registered; the library's say what they are for.
std::string done_callback_text(const TraceIndex& trace, const std::string& number,
                               const Event& scheduled) {
  const auto place = scheduled.place("loc");
  const auto by = scheduled.cause("by");
  if (place || !by) return "the done callback " + number + place_suffix(place);
  const std::uint64_t collector = trace.collector_of(*by);
  return "the callback " + number + " that tells " +
         (collector == 0 ? "the loop" : future_text(trace, collector)) + " that " +
         cause_text(trace, *by) + " is done";
}

}  // namespace

std::string task_name(const TraceIndex& trace, std::uint64_t task) {
  const auto created = trace.last_of_task(task, Kind::task_created);
  return created ? std::string(created->event->text("name")) : "task " + number_text(task);
}

std::string task_text(const TraceIndex& trace, std::uint64_t task) {
  std::string name = task_name(trace, task);
  for (const std::string_view begin : {"Task-", "task "})
    if (name.starts_with(begin) && all_of(std::string_view(name).substr(begin.size()), is_digit))
      return name;
  return "task " + (all_of(name, is_in_word) ? name : json::quoted(name));
}

std::string place_text(const Place& place) {
  return std::string(place.file) + ":" + std::to_string(place.line);
}

std::string number_text(std::uint64_t id) {
  constexpr unsigned kRange = 32;  // bits
  const std::uint64_t thread = id >> kRange;
  if (thread == 0) return std::to_string(id);
  return std::to_string(thread + 1) + ":" + std::to_string(id - (thread << kRange));
}

std::string place_suffix(const std::optional<Place>& place) {
  return place ? " (" + place_text(*place) + ")" : "";
}

std::string frame_text(const Place& place) {
  const std::string line = "line " + std::to_string(place.line);
  return place.func.empty() ? line : function_text(place.func) + ", " + line;
}

std::string function_text(std::string_view name) {
  return name == "lambda" ? "a lambda" : std::string(name) + "()";
}

std::string handle_text(const TraceIndex& trace, std::uint64_t handle) {
  if (const std::uint64_t task = trace.task_of_handle(handle))
    return "a step of " + task_text(trace, task);
  const std::string number = "#" + number_text(handle);
  const auto scheduled = trace.scheduled(handle);
  if (!scheduled) return "handle " + number;
  const std::string where = place_suffix(scheduled->event->place("loc"));
  const std::string_view label = scheduled->event->text("label");
  if (label == "sleep") {
    const std::uint64_t sleeper = trace.sleeper_of(handle);
    return "the timer " + number + " of " +
           (sleeper == 0 ? "a sleep" : task_text(trace, sleeper) + "'s sleep");
  }
  if (label == "timer") return "the timer " + number + where;
  if (label == "timeout") return "the timer " + number + where + " of a timeout";
  if (label == "io_ready") return "the callback " + number + where + " of a file descriptor";
  if (label == "executor") return "the callback " + number + " that brings a thread's result";
  if (label == "signal") return "the callback " + number + where + " of a signal";
  if (label == "callback") return "the callback " + number + where;
  if (label == "done_callback") return done_callback_text(trace, number, *scheduled->event);
  if (label == "threadsafe") return "the callback " + number + " from another thread" + where;
  return std::string(label) + " " + number + where;
}

std::string future_type(const TraceIndex& trace, std::uint64_t future) {
  if (const auto created = trace.last_of_future(future, Kind::future_created))
    return std::string(created->event->text("type"));
  const auto suspended = trace.last_of_future(future, Kind::task_suspended);
  return suspended ? std::string(*suspended->event->line.member("awaiting")->member("kind")->text())
                   : "future";
}

std::string future_text(const TraceIndex& trace, std::uint64_t future) {
  if (const json::Value* wait = wait_at_resource(trace, future)) {
    const auto suspended = trace.last_of_future(future, Kind::task_suspended);
    return task_text(trace, suspended->event->id("task")) + "'s wait for " +
           awaiting_text(trace, *wait);
  }
  return future_type(trace, future) + " " + number_text(future);
}

std::string resource_text(std::string_view type, std::uint64_t resource) {
  std::string text(type);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text + " " + number_text(resource);
}

const json::Value* wait_at_resource(const TraceIndex& trace, std::uint64_t future) {
  const auto suspended = trace.last_of_future(future, Kind::task_suspended);
  const json::Value* awaiting = suspended ? suspended->event->line.member("awaiting") : nullptr;
  return awaiting && awaiting->member("resource") ? awaiting : nullptr;
}

std::string cause_text(const TraceIndex& trace, const Cause& cause) {
  switch (cause.kind) {
    case Cause::Kind::task:
      return task_text(trace, cause.id);
    case Cause::Kind::future:
      return future_text(trace, cause.id);
    case Cause::Kind::handle:
      return handle_text(trace, cause.id);
    case Cause::Kind::yield:
      return "its own sleep(0)";
    case Cause::Kind::outside:
      break;
  }
  return "code outside the loop";
}

// "an item of queue 1", "event 2 to be set".
std::string resource_wait_text(const json::Value& awaiting) {
  const std::string_view type = *awaiting.member("kind")->text();
  const json::Value* named = awaiting.member("op");
  const std::string_view op = named ? *named->text() : std::string_view();
  std::string name =
      resource_text(type, static_cast<std::uint64_t>(*awaiting.member("resource")->integer()));
  if (op == "get") return "an item of " + name;
  if (op == "put") return "room in " + name;
  if (op == "join") return "the last item of " + name + " to be done";
  if (op == "send") return name + " to take what it sends";
  if (op == "receive") return "something out of " + name;
  if (op == "notification") return "a notification of " + name;
  if (type == "event") return name + " to be set";
  return name;
}

std::string awaiting_text(const TraceIndex& trace, const json::Value& awaiting) {
  const std::string_view kind = *awaiting.member("kind")->text();
  if (kind == "yield") return "its next turn";
  const auto id = static_cast<std::uint64_t>(*awaiting.member("id")->integer());
  if (kind == "task") return task_text(trace, id);
  if (const json::Value* when = awaiting.member("when"); when && when->integer())
    return "a sleep that ends at " + duration_text(*when->integer());
  if (awaiting.member("resource")) return resource_wait_text(awaiting);
  const auto created = trace.last_of_future(id, Kind::future_created);
  const std::vector<Cause> children =
      created ? created->event->causes("children") : std::vector<Cause>();
  const std::string name = std::string(kind) + " " + number_text(id);
  return children.empty() ? name : name + " of " + children_text(trace, children);
}

std::string children_text(const TraceIndex& trace, const std::vector<Cause>& children) {
  std::vector<std::string> names;
  for (const Cause& child : children) names.push_back(cause_text(trace, child));
  return short_list_text(names);
}

std::string short_list_text(const std::vector<std::string>& names) {
  if (names.size() <= 4) return list_text(names);
  return list_text({names[0], names[1], std::to_string(names.size() - 2) + " more"});
}

std::string count_text(std::int64_t number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

}  // namespace loopscope
