#include "reader/trace_fields.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace loopscope {

namespace {

using json::Value;

// What a field can be, and how a message says it.
struct Type {
  bool (*test)(const Value&);
  std::string_view must_be;
};

bool is_integer(const Value& value) { return value.integer() != nullptr; }
bool is_count(const Value& value) { return value.integer() && *value.integer() >= 0; }
bool is_id(const Value& value) { return value.integer() && *value.integer() >= 1; }
bool is_count_or_null(const Value& value) { return value.is_null() || is_count(value); }
bool is_text(const Value& value) { return value.text() != nullptr; }

bool member_is(const Value& value, std::string_view name, bool (*test)(const Value&)) {
  const Value* member = value.member(name);
  return member && test(*member);
}

bool is_place(const Value& value) {
  return member_is(value, "func", is_text) && member_is(value, "file", is_text) &&
         member_is(value, "line", is_count);
}

bool is_cause(const Value& value) {
  if (!member_is(value, "kind", is_text)) return false;
  const std::string_view kind = *value.member("kind")->text();
  if (kind == "yield" || kind == "outside") return true;
  return (kind == "task" || kind == "future" || kind == "handle") && member_is(value, "id", is_id);
}

bool is_awaiting(const Value& value) {
  if (!member_is(value, "kind", is_text)) return false;
  const std::string_view kind = *value.member("kind")->text();
  if (kind == "yield") return true;
  if (!member_is(value, "id", is_id)) return false;
  if (value.member("resource") && !member_is(value, "resource", is_id)) return false;
  if (value.member("op") && !member_is(value, "op", is_text)) return false;
  return kind != "sleep" ||
         (member_is(value, "handle", is_id) && member_is(value, "when", is_integer));
}

template <bool (*test)(const Value&)>
bool all_are(const Value& value) {
  return value.array() && std::all_of(value.array()->begin(), value.array()->end(), test);
}

template <std::size_t N>
bool is_one_of(const Value& value, const std::string_view (&words)[N]) {
  return value.text() && std::find(std::begin(words), std::end(words), *value.text()) != words + N;
}

constexpr Type kCount{is_count, "an integer of 0 or more"};
constexpr Type kId{is_id, "an integer of 1 or more"};
constexpr Type kIdOrZero = kCount;
constexpr Type kInteger{is_integer, "an integer"};
constexpr Type kCountOrNull{is_count_or_null, "an integer or null"};
constexpr Type kText{is_text, "a string"};
constexpr Type kPlace{is_place, "a place in the source, {func, file, line}"};
constexpr Type kPlaces{all_are<is_place>, "a list of {func, file, line}"};
constexpr Type kCause{is_cause, "a cause, {kind, id}"};
constexpr Type kCauses{all_are<is_cause>, "a list of causes, {kind, id}"};
constexpr Type kAwaiting{is_awaiting, "what is awaited, {kind, id}"};

bool is_outcome(const Value& value) {
  return is_one_of(value, {"result", "exception", "cancelled"});
}
bool is_run_outcome(const Value& value) { return is_one_of(value, {"ok", "raised"}); }
bool is_program_outcome(const Value& value) { return is_one_of(value, {"exited", "crashed"}); }
bool is_stream(const Value& value) { return is_one_of(value, {"stdout", "stderr"}); }
bool is_level(const Value& value) { return is_one_of(value, {"warning", "error"}); }
bool is_interest(const Value& value) { return is_one_of(value, {"read", "write"}); }
bool is_capped(const Value& value) { return is_one_of(value, {"events", "output", "turns"}); }
bool is_guest(const Value& value) { return is_one_of(value, {"cpp", "python"}); }
bool is_clock(const Value& value) { return is_one_of(value, {"real", "virtual"}); }
bool is_time_unit(const Value& value) { return is_one_of(value, {"ns"}); }
bool is_object_of_texts(const Value& value) {
  return value.object() &&
         std::all_of(value.object()->begin(), value.object()->end(),
                     [](const json::Member& member) { return is_text(member.value); });
}
bool is_source(const Value& value) {
  return member_is(value, "name", is_text) && member_is(value, "text", is_text);
}

constexpr Type kOutcome{is_outcome, R"("result" or "exception" or "cancelled")"};
constexpr Type kRunOutcome{is_run_outcome, R"("ok" or "raised")"};
constexpr Type kProgramOutcome{is_program_outcome, R"("exited" or "crashed")"};
constexpr Type kStream{is_stream, R"("stdout" or "stderr")"};
constexpr Type kLevel{is_level, R"("warning" or "error")"};
constexpr Type kInterest{is_interest, R"("read" or "write")"};
constexpr Type kCapped{is_capped, R"("events" or "output" or "turns")"};
constexpr Type kGuest{is_guest, R"("cpp" or "python")"};
constexpr Type kClock{is_clock, R"("real" or "virtual")"};
constexpr Type kTimeUnit{is_time_unit, R"("ns")"};
constexpr Type kHost{is_object_of_texts, "an object of strings"};
constexpr Type kSource{is_source, "a file, {name, text}"};

struct Field {
  std::string_view name;
  Type type;
  bool optional = false;
};

constexpr bool kOptional = true;

struct KindFields {
  std::string_view name;
  std::vector<Field> fields;
};

// In the order of Kind.
const std::array<KindFields, static_cast<std::size_t>(Kind::unknown)> kKinds{{
    {"loop_start", {}},
    {"loop_stop", {{"ready", kCount}, {"timers", kCount}}},
    {"loop_close", {}},
    {"turn_begin", {{"ready", kCount}, {"timers", kCount}, {"timeout", kCountOrNull}}},
    {"turn_end", {{"ran", kCount}}},
    {"scheduled",
     {{"handle", kId},
      {"parent", kIdOrZero},
      {"label", kText},
      {"task", kId, kOptional},
      {"by", kCause, kOptional},
      {"when", kInteger, kOptional},
      {"loc", kPlace, kOptional}}},
    {"timer_due", {{"handle", kId}, {"when", kInteger}}},
    {"handle_cancelled", {{"handle", kId}, {"parent", kIdOrZero}}},
    {"dropped", {{"handle", kId}}},
    {"abandoned", {{"handle", kId}}},
    {"run_begin", {{"handle", kId}, {"task", kId, kOptional}}},
    {"run_end", {{"handle", kId}, {"outcome", kRunOutcome}, {"error", kText, kOptional}}},
    {"task_created",
     {{"task", kId},
      {"name", kText},
      {"coro", kText},
      {"parent", kIdOrZero},
      {"loc", kPlace, kOptional}}},
    {"task_step_begin", {{"task", kId}, {"throws", kText, kOptional}, {"loc", kPlace, kOptional}}},
    {"task_suspended", {{"task", kId}, {"awaiting", kAwaiting}, {"stack", kPlaces}}},
    {"task_wakeup", {{"task", kId}, {"handle", kId}, {"by", kCause}}},
    {"task_cancel_requested", {{"task", kId}, {"by", kCause}, {"loc", kPlace, kOptional}}},
    {"task_uncancelled", {{"task", kId}, {"left", kCount}, {"loc", kPlace, kOptional}}},
    {"task_done",
     {{"task", kId},
      {"outcome", kOutcome},
      {"value", kText, kOptional},
      {"error", kText, kOptional},
      {"loc", kPlace, kOptional}}},
    {"future_created",
     {{"future", kId},
      {"type", kText},
      {"children", kCauses, kOptional},
      {"loc", kPlace, kOptional}}},
    {"future_done",
     {{"future", kId},
      {"outcome", kOutcome},
      {"by", kCause},
      {"error", kText, kOptional},
      {"loc", kPlace, kOptional}}},
    {"resource",
     {{"id", kId},
      {"type", kText},
      {"op", kText},
      {"state", kText},
      {"value", kInteger, kOptional},
      {"limit", kInteger, kOptional},
      {"waiters", kCount},
      {"by", kCause},
      {"when", kInteger, kOptional},
      {"item", kText, kOptional},
      {"loc", kPlace, kOptional}}},
    {"output", {{"stream", kStream}, {"text", kText}, {"loc", kPlace, kOptional}}},
    {"log", {{"level", kLevel}, {"text", kText}}},
    {"io_ready", {{"fd", kCount}, {"interest", kInterest}}},
    {"truncated", {{"what", kCapped}, {"dropped", kCount}}},
    {"program_end",
     {{"outcome", kProgramOutcome}, {"code", kInteger}, {"error", kText, kOptional}}},
}};

const std::vector<Field> kCommon{
    {"seq", kCount}, {"t", kCount}, {"loop", kCount}, {"turn", kCount}};
const std::vector<Field> kHeader{{"program", kText}, {"guest", kGuest},
                                 {"clock", kClock},  {"time_unit", kTimeUnit},
                                 {"host", kHost},    {"source", kSource, kOptional}};

// A value as it stands in the file, cut to a length that fits into a message.
std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 40;
  std::string text = value.dump();
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (begins && ++characters > kLongest) return text.substr(0, at) + "…";
  }
  return text;
}

[[noreturn]] void refuse(const Value& line, std::string_view name, std::string_view must_be) {
  const Value* field = line.member(name);
  const std::string quoted = "`" + std::string(name) + "`";
  throw InvalidLine{Problem::Code::bad_field,
                    field ? quoted + " must be " + std::string(must_be) + ", is " + shown(*field)
                          : quoted + " is missing"};
}

void check_fields(const Value& line, const std::vector<Field>& fields) {
  for (const auto& [name, type, optional] : fields) {
    const Value* field = line.member(name);
    if (field ? !type.test(*field) : !optional) refuse(line, name, type.must_be);
  }
}

}  // namespace

void check_header(const Value& header) {
  const Value* schema = header.member("schema");
  if (!schema || !schema->text() || *schema->text() != "loopscope.trace")
    throw InvalidLine{Problem::Code::not_a_trace,
                      "this is not a Loopscope trace: the first line does not say "
                      "\"schema\":\"loopscope.trace\""};
  const Value* version = header.member("version");
  if (!version || !version->integer() || *version->integer() != 1)
    throw InvalidLine{Problem::Code::unknown_version, "the trace is of version " +
                                                          (version ? shown(*version) : "missing") +
                                                          "; this program reads version 1"};
  check_fields(header, kHeader);
}

void check_event(const Value& event, std::uint64_t seq) {
  if (!event.object())
    throw InvalidLine{Problem::Code::bad_field, "an event must be an object, is " + shown(event)};
  check_fields(event, kCommon);
  if (static_cast<std::uint64_t>(*event.member("seq")->integer()) != seq)
    refuse(event, "seq", std::to_string(seq));
  if (!member_is(event, "kind", is_text)) refuse(event, "kind", kText.must_be);
  const Kind kind = kind_named(*event.member("kind")->text());
  if (kind != Kind::unknown) check_fields(event, kKinds[static_cast<std::size_t>(kind)].fields);
}

std::string_view kind_name(Kind kind) {
  return kind == Kind::unknown ? "" : kKinds[static_cast<std::size_t>(kind)].name;
}

Kind kind_named(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const KindFields& kind) { return kind.name == name; });
  return static_cast<Kind>(found - kKinds.begin());
}

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const KindFields& kind : kKinds) names.push_back(kind.name);
  return names;
}

}  // namespace loopscope
