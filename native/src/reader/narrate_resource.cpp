#include "reader/narrate_resource.hpp"

#include <algorithm>

#include "reader/duration_text.hpp"
#include "reader/names.hpp"

namespace loopscope {

namespace {

struct Verb {
  std::string_view op, before, after;
};

// "Task-1 <before> lock 1 <after>".
constexpr Verb kVerbs[] = {
    {"acquired", "now has", ""},
    {"released", "releases", ""},
    {"set", "sets", ""},
    {"cleared", "clears", ""},
    {"notified", "notifies", ""},
    {"put", "puts {} into", ""},
    {"got", "takes {} out of", ""},
    {"done", "is done with an item of", ""},
    {"shut_down", "shuts", " down"},
    {"arrived", "arrives at", ""},
    {"left", "leaves", ""},
    {"reset", "resets", ""},
    {"aborted", "breaks", ""},
    {"entered", "enters", ""},
    {"exited", "leaves", ""},
    {"cancelled", "cancels", ""},
    {"rescheduled", "reschedules", ""},
    {"closed", "closes", ""},
    {"sent", "sends {} into", ""},
    {"passed", "passes {} on at", ""},
    {"received", "receives {} out of", ""},
    {"submitted", "hands a call to", ""},
};

std::string deed_text(const TraceIndex& trace, const Event& event) {
  const std::string who = cause_text(trace, *event.cause("by"));
  const std::string what = resource_text(event.text("type"), event.id("id"));
  const std::string_view op = event.text("op");
  if (op == "created") return who + " makes " + what + place_suffix(event.place("loc"));
  if (op == "expired") return what + " expires";
  if (op == "returned") return "a call in " + what + " has returned";
  for (const Verb& verb : kVerbs) {
    if (verb.op != op) continue;
    std::string before(verb.before);
    if (const std::size_t at = before.find("{}"); at != before.npos)
      before.replace(at, 2, event.has("item") ? event.text("item") : "an item");
    return who + " " + before + " " + what + std::string(verb.after);
  }
  std::string words(op);
  for (char& letter : words)
    if (letter == '_') letter = ' ';
  return what + ": " + words + " by " + who;
}

// What was done says all there is to say of its state.
bool says_it_all(std::string_view op) {
  constexpr std::string_view kOps[] = {"set", "cleared", "notified"};
  return std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps);
}

}  // namespace

std::string narrate_resource(const TraceIndex& trace, const Event& event) {
  const std::int64_t waiters = event.number("waiters");
  const std::string_view op = event.text("op");
  std::string text = deed_text(trace, event);
  if (!says_it_all(op) && (event.text("type") != "lock" || op == "created"))
    text += ": " + std::string(event.text("state"));
  if (event.has("when")) text += ", until " + duration_text(event.number("when"));
  if (waiters > 0) text += "; " + count_text(waiters, "task") + (waiters == 1 ? " waits" : " wait");
  return text + ".";
}

}  // namespace loopscope
