#include "trace/jsonl_writer.hpp"

#include "trace/json_text.hpp"
#include "trace/source_place.hpp"

namespace asyncio::trace {

namespace {

// One event being written: fields in the order of the calls.
class Line {
 public:
  Line(std::string& out, const Stamp& stamp, std::string_view kind) : out_(out) {
    out_ += "{\"seq\":";
    append_number(out_, static_cast<std::int64_t>(stamp.seq));
    number("t", stamp.t.count());
    number("loop", stamp.loop);
    number("turn", stamp.turn);
    text("kind", kind);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { out_ += "}\n"; }

  template <class N>
  Line& number(std::string_view name, N value) {
    key(name);
    append_number(out_, static_cast<std::int64_t>(value));
    return *this;
  }
  // Left out when 0, which is no id.
  template <class N>
  Line& id_if_any(std::string_view name, N value) {
    return value == 0 ? *this : number(name, value);
  }
  Line& text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    return *this;
  }
  Line& text_if_any(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  Line& null(std::string_view name) {
    key(name);
    out_ += "null";
    return *this;
  }
  Line& place(std::string_view name, const Place& place) {
    key(name);
    append_place(place);
    return *this;
  }
  Line& place_if_any(const std::optional<Place>& loc) {
    return loc && loc->known() ? place("loc", *loc) : *this;
  }
  Line& places(std::string_view name, std::span<const Place> places) {
    key(name);
    out_ += '[';
    bool first = true;
    for (const Place& place : places) {
      if (is_library_place(place)) continue;
      if (!std::exchange(first, false)) out_ += ',';
      append_place(place);
    }
    out_ += ']';
    return *this;
  }
  Line& cause(std::string_view name, const Cause& cause) {
    key(name);
    append_cause(cause);
    return *this;
  }
  Line& causes(std::string_view name, std::span<const Cause> causes) {
    key(name);
    out_ += '[';
    bool first = true;
    for (const Cause& cause : causes) {
      if (!std::exchange(first, false)) out_ += ',';
      append_cause(cause);
    }
    out_ += ']';
    return *this;
  }
  Line& awaiting(const Awaiting& awaiting, Instant origin) {
    key("awaiting");
    out_ += "{\"kind\":";
    append_json_string(out_, awaiting.kind);
    id_if_any("id", awaiting.id);
    if (awaiting.handle != 0)
      number("handle", awaiting.handle).number("when", (awaiting.when - origin).count());
    if (awaiting.resource != 0)
      number("resource", awaiting.resource).text_if_any("op", awaiting.op);
    out_ += '}';
    return *this;
  }

 private:
  void key(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
  }
  void append_place(const Place& place) {
    const SourcePlace source = source_place(place);
    out_ += "{\"func\":";
    append_json_string(out_, source.func);
    text("file", source.file);
    number("line", source.line);
    out_ += '}';
  }
  void append_cause(const Cause& cause) {
    constexpr std::string_view kNames[] = {"outside", "task", "future", "handle", "yield"};
    out_ += "{\"kind\":\"";
    out_ += kNames[static_cast<std::size_t>(cause.kind)];
    out_ += '"';
    id_if_any("id", cause.id);
    out_ += '}';
  }

  std::string& out_;
};

constexpr std::string_view outcome_name(Outcome outcome) {
  constexpr std::string_view kNames[] = {"result", "exception", "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

// One overload a kind: the contract, field by field.
class EventWriter {
 public:
  EventWriter(std::string& out, const Stamp& stamp, Instant origin)
      : out_(out), stamp_(stamp), origin_(origin) {}

  void operator()(const LoopStart&) const { line("loop_start"); }
  void operator()(const LoopStop& e) const {
    line("loop_stop").number("ready", e.ready).number("timers", e.timers);
  }
  void operator()(const LoopClose&) const { line("loop_close"); }
  void operator()(const TurnBegin& e) const {
    Line written = line("turn_begin");
    written.number("ready", e.ready).number("timers", e.timers);
    e.timeout ? written.number("timeout", e.timeout->count()) : written.null("timeout");
  }
  void operator()(const TurnEnd& e) const { line("turn_end").number("ran", e.ran); }
  void operator()(const Scheduled& e) const {
    Line written = line("scheduled");
    written.number("handle", e.handle).number("parent", e.parent).text("label", e.label);
    written.id_if_any("task", e.task);
    if (e.by.kind == Cause::Kind::task || e.by.kind == Cause::Kind::future)
      written.cause("by", e.by);
    if (e.when) written.number("when", since_origin(*e.when));
    written.place_if_any(e.loc);
  }
  void operator()(const TimerDue& e) const {
    line("timer_due").number("handle", e.handle).number("when", since_origin(e.when));
  }
  void operator()(const HandleCancelled& e) const {
    line("handle_cancelled").number("handle", e.handle).number("parent", e.parent);
  }
  void operator()(const Dropped& e) const { line("dropped").number("handle", e.handle); }
  void operator()(const Abandoned& e) const { line("abandoned").number("handle", e.handle); }
  void operator()(const RunBegin& e) const {
    line("run_begin").number("handle", e.handle).id_if_any("task", e.task);
  }
  void operator()(const RunEnd& e) const {
    line("run_end")
        .number("handle", e.handle)
        .text("outcome", e.raised ? "raised" : "ok")
        .text_if_any("error", e.error);
  }
  void operator()(const TaskCreated& e) const {
    Line written = line("task_created");
    written.number("task", e.task)
        .text("name", e.name)
        .text("coro", e.coro)
        .number("parent", e.parent);
    written.place_if_any(e.loc);
  }
  void operator()(const TaskStepBegin& e) const {
    line("task_step_begin")
        .number("task", e.task)
        .text_if_any("throws", e.throws)
        .place_if_any(e.loc);
  }
  void operator()(const TaskSuspended& e) const {
    line("task_suspended")
        .number("task", e.task)
        .awaiting(e.awaiting, origin_)
        .places("stack", e.stack);
  }
  void operator()(const TaskWakeup& e) const {
    line("task_wakeup").number("task", e.task).number("handle", e.handle).cause("by", e.by);
  }
  void operator()(const TaskCancelRequested& e) const {
    line("task_cancel_requested").number("task", e.task).cause("by", e.by).place_if_any(e.loc);
  }
  void operator()(const TaskUncancelled& e) const {
    line("task_uncancelled").number("task", e.task).number("left", e.left).place_if_any(e.loc);
  }
  void operator()(const TaskDone& e) const {
    Line written = line("task_done");
    written.number("task", e.task).text("outcome", outcome_name(e.outcome));
    if (e.value) written.text("value", *e.value);
    written.text_if_any("error", e.error).place_if_any(e.loc);
  }
  void operator()(const FutureCreated& e) const {
    Line written = line("future_created");
    written.number("future", e.future).text("type", e.type);
    if (!e.children.empty()) written.causes("children", e.children);
    written.place_if_any(e.loc);
  }
  void operator()(const FutureDone& e) const {
    Line written = line("future_done");
    written.number("future", e.future).text("outcome", outcome_name(e.outcome)).cause("by", e.by);
    written.text_if_any("error", e.error).place_if_any(e.loc);
  }
  void operator()(const Resource& e) const {
    Line written = line("resource");
    written.number("id", e.resource).text("type", e.type).text("op", e.op).text("state", e.state);
    if (e.value) written.number("value", *e.value);
    if (e.limit) written.number("limit", *e.limit);
    written.number("waiters", e.waiters).cause("by", e.by);
    if (e.when) written.number("when", since_origin(*e.when));
    if (e.item) written.text("item", *e.item);
    written.place_if_any(e.loc);
  }
  void operator()(const Log& e) const {
    line("log")
        .text("level", e.level == Log::Level::error ? "error" : "warning")
        .text("text", e.text);
  }

 private:
  Line line(std::string_view kind) const { return Line(out_, stamp_, kind); }
  std::int64_t since_origin(Instant when) const { return (when - origin_).count(); }

  std::string& out_;
  const Stamp& stamp_;
  Instant origin_;
};

}  // namespace

void write_header(std::string& out, const Header& header) {
  out += R"({"schema":"loopscope.trace","version":1,"program":)";
  append_json_string(out, header.program);
  out += R"(,"guest":)";
  append_json_string(out, header.guest);
  out += R"(,"clock":)";
  append_json_string(out, header.clock);
  out += R"(,"time_unit":"ns","host":{)";
  bool first = true;
  for (const auto& [name, value] : header.host) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  out += '}';
  if (header.source && header.source->text.size() <= kLongestSource) {
    out += R"(,"source":{"name":)";
    append_json_string(out, header.source->name);
    out += R"(,"text":)";
    append_json_string(out, header.source->text);
    out += '}';
  }
  out += "}\n";
}

void write_event(std::string& out, const Stamp& stamp, const What& what, Instant origin) {
  std::visit(EventWriter(out, stamp, origin), what);
}

void write_event(std::string& out, const Stamp& stamp, const Output& output) {
  const bool error = output.stream == Stream::standard_error;
  Line(out, stamp, "output")
      .text("stream", error ? "stderr" : "stdout")
      .text("text", output.text)
      .place_if_any(output.loc);
}

void write_event(std::string& out, const Stamp& stamp, const Truncated& truncated) {
  Line(out, stamp, "truncated").text("what", truncated.what).number("dropped", truncated.dropped);
}

void write_event(std::string& out, const Stamp& stamp, const ProgramEnd& end) {
  Line(out, stamp, "program_end")
      .text("outcome", end.crashed ? "crashed" : "exited")
      .number("code", end.code)
      .text_if_any("error", end.error);
}

}  // namespace asyncio::trace
