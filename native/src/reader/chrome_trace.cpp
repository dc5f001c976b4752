#include "reader/chrome_trace.hpp"

#include <algorithm>
#include <charconv>

#include "reader/lanes.hpp"
#include "reader/names.hpp"
#include "reader/time_axis.hpp"

namespace loopscope {

namespace {

constexpr std::uint64_t kLoopTrack = 0;  // of a loop itself; tasks have their ids, from 1

struct Track {
  std::uint64_t process, thread;
};

// One object being written: members in the order of the calls.
class ObjectText {
 public:
  ObjectText& raw(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? "{" : ",";
    text_ += json::quoted(name) + ":";
    text_ += value;
    return *this;
  }
  ObjectText& text(std::string_view name, std::string_view value) {
    return raw(name, json::quoted(value));
  }
  template <class N>
  ObjectText& number(std::string_view name, N value) {
    char digits[40];
    return raw(name, {digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
  }
  ObjectText& track(const Track& track) {
    return number("pid", track.process).number("tid", track.thread);
  }
  std::string end() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

class Exporter {
 public:
  explicit Exporter(const TraceIndex& trace)
      : trace_(trace), lanes_(trace), time_(time_axis(trace.trace())) {
    double last = -1;
    for (const std::int64_t time : time_) {
      last = std::max(static_cast<double>(time) / 1000, last + 1);
      at_.push_back(last);
    }
    at_.push_back(last + 1);
  }

  std::string file() {
    if (lanes_.loops().empty()) loop_track({0, {}});
    for (const LoopLane& lane : lanes_.loops()) loop_track(lane);
    for (const TaskLane& lane : lanes_.tasks()) task_track(lane);
    flows();
    instants();
    ObjectText other;
    for (const std::string_view field : {"program", "guest", "clock"})
      other.text(field, trace_.trace().header_text(field));
    for (const json::Member& member : *trace_.trace().header()->member("host")->object())
      other.text(member.name, *member.value.text());
    return ObjectText()
               .raw("traceEvents", "[" + events_ + "]")
               .text("displayTimeUnit", "ns")
               .raw("otherData", other.end())
               .end() +
           "\n";
  }

 private:
  void add(const ObjectText& event) {
    if (!events_.empty()) events_ += ",\n";
    events_ += event.end();
  }
  void metadata(std::string_view name, const Track& track, const ObjectText& args) {
    add(ObjectText().text("name", name).text("ph", "M").track(track).raw("args", args.end()));
  }

  void loop_track(const LoopLane& lane) {
    const Track track{lane.loop, kLoopTrack};
    const std::string program(trace_.trace().header_text("program"));
    metadata("process_name", track,
             ObjectText().text("name", program + ": loop " + std::to_string(lane.loop)));
    metadata("thread_name", track, ObjectText().text("name", "loop"));
    metadata("thread_sort_index", track, ObjectText().number("sort_index", -1));
    for (const LoopSpan& span : lane.spans) {
      const bool polls = span.kind == LoopSpan::Kind::polling;
      slice(polls ? "poll" : label_of(span.handle), polls ? "polling" : "callback", span.from,
            span.to, track, span.handle, {});
    }
  }
  std::string label_of(std::uint64_t handle) const {
    const auto scheduled = trace_.scheduled(handle);
    return scheduled ? std::string(scheduled->event->text("label")) : "callback";
  }

  void task_track(const TaskLane& lane) {
    constexpr std::string_view kKinds[] = {"created", "ready", "running", "waiting"};
    const Track track{lane.loop, lane.task};
    const std::string name = std::string(lane.name) + " " + std::string(lane.coro);
    metadata("thread_name", track, ObjectText().text("name", name));
    metadata("thread_sort_index", track, ObjectText().number("sort_index", lane.task));
    for (const TaskSpan& span : lane.spans) {
      const std::string_view kind = kKinds[static_cast<std::size_t>(span.kind)];
      slice(name_of(lane, span, kind), kind, span.from, span.to, track, span.handle, span.throws);
    }
  }
  std::string name_of(const TaskLane& lane, const TaskSpan& span, std::string_view kind) const {
    if (span.kind == TaskSpan::Kind::running)
      return std::string(lane.coro.empty() ? lane.name : lane.coro);
    if (span.kind == TaskSpan::Kind::waiting)
      return "waits for " + awaiting_text(trace_, *span.awaiting);
    return std::string(kind);
  }

  void slice(const std::string& name, std::string_view category, std::size_t from,
             std::optional<std::size_t> to, const Track& track, std::uint64_t handle,
             std::string_view throws) {
    ObjectText args;
    args.number("event", from).number("ns", time_[from]);
    if (handle != 0) args.number("handle", handle);
    if (!throws.empty()) args.text("throws", throws);
    add(ObjectText()
            .text("name", name)
            .text("cat", category)
            .text("ph", "X")
            .number("ts", at_[from])
            .number("dur", at_[to.value_or(time_.size())] - at_[from])
            .track(track)
            .raw("args", args.end()));
  }

  // From within the step in which the cause happened to the beginning of the step it led to.
  void flows() {
    for (std::size_t id = 0; id < lanes_.arrows().size(); ++id) {
      const WakeArrow& arrow = lanes_.arrows()[id];
      if (!arrow.to) continue;
      const Event& from = *trace_.event(arrow.from);
      // What ends a task ends its last slice: the arrow must begin within it.
      const double back = from.kind == Kind::task_done ? 0.5 : 0;
      flow(arrow, id, 's', {from.loop, arrow.from_task}, at_[arrow.from] - back);
      flow(arrow, id, 'f', {trace_.event(*arrow.to)->loop, arrow.to_task}, at_[*arrow.to]);
    }
  }
  void flow(const WakeArrow& arrow, std::size_t id, char phase, const Track& track, double ts) {
    ObjectText event;
    event.text("name", arrow.kind).text("cat", "wake").number("id", id).text("ph", {&phase, 1});
    if (phase == 'f') event.text("bp", "e");
    add(event.track(track).number("ts", ts));
  }

  void instants() {
    for (std::size_t index = 0; const Event* event = trace_.event(index); ++index) {
      const std::string_view text = event->text("text");
      const std::string args = ObjectText().text("text", text).end();
      if (event->kind == Kind::output)
        instant(index, text.substr(0, text.find_last_not_of(" \t\r\n") + 1), event->text("stream"),
                args);
      if (event->kind == Kind::log) instant(index, text.substr(0, text.find('\n')), "log", args);
      if (event->kind == Kind::task_cancel_requested)
        instant(index, "cancel task " + std::to_string(event->id("task")), "cancel",
                ObjectText().raw("by", event->line.member("by")->dump()).end());
      if (event->kind == Kind::turn_begin) queues(index, *event);
      if (event->kind == Kind::resource) resource(index, *event);
    }
  }
  void instant(std::size_t index, std::string_view name, std::string_view category,
               const std::string& args) {
    add(ObjectText()
            .text("name", name)
            .text("cat", category)
            .raw("args", args)
            .text("ph", "i")
            .text("s", "t")
            .track({trace_.event(index)->loop, trace_.task_at(index)})
            .number("ts", at_[index]));
  }
  void queues(std::size_t index, const Event& event) {
    ObjectText args;
    args.number("ready", event.number("ready")).number("timers", event.number("timers"));
    counter(index, "queues", args.end());
  }
  void resource(std::size_t index, const Event& event) {
    ObjectText args;
    if (event.has("value")) args.number("value", event.number("value"));
    args.number("waiters", event.number("waiters"));
    counter(index, resource_text(event.text("type"), event.id("id")), args.end());
  }
  void counter(std::size_t index, std::string_view name, const std::string& args) {
    add(ObjectText()
            .text("name", name)
            .text("ph", "C")
            .track({trace_.event(index)->loop, kLoopTrack})
            .number("ts", at_[index])
            .raw("args", args));
  }

  const TraceIndex& trace_;
  Lanes lanes_;
  std::vector<std::int64_t> time_;
  std::vector<double> at_;  // the file's time of each event, in microseconds; the end last
  std::string events_;
};

}  // namespace

std::string chrome_trace(const TraceIndex& trace) { return Exporter(trace).file(); }

}  // namespace loopscope
