#include "reader/trace_file.hpp"

#include <algorithm>

#include "reader/trace_fields.hpp"

namespace loopscope {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Cause to_cause(const json::Value& value) {
  constexpr std::string_view kNames[] = {"outside", "task", "future", "handle", "yield"};
  Cause cause;
  const auto* const found =
      std::find(std::begin(kNames), std::end(kNames), *value.member("kind")->text());
  cause.kind = static_cast<Cause::Kind>(found - std::begin(kNames));
  if (const json::Value* id = value.member("id"); id && id->integer())
    cause.id = static_cast<std::uint64_t>(*id->integer());
  return cause;
}

Place to_place(const json::Value& value) {
  return {*value.member("func")->text(), *value.member("file")->text(),
          *value.member("line")->integer()};
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

Event to_event(json::Value value, std::uint64_t seq) {
  check_event(value, seq);
  Event event;
  event.line = std::move(value);
  event.t = event.number("t");
  event.loop = event.id("loop");
  event.turn = event.id("turn");
  event.kind = kind_named(event.text("kind"));
  return event;
}

json::Value to_header(std::string_view line, json::Parser& parser) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  json::Value value;
  try {
    value = parser.parse(line);
  } catch (const json::SyntaxError&) {
    throw InvalidLine{Problem::Code::not_a_trace,
                      "this is not a Loopscope trace: the first line is not JSON"};
  }
  check_header(value);
  return value;
}

}  // namespace

std::int64_t Event::number(std::string_view field) const {
  const json::Value* value = line.member(field);
  return value && value->integer() ? *value->integer() : 0;
}

std::string_view Event::text(std::string_view field) const {
  const json::Value* value = line.member(field);
  return value && value->text() ? *value->text() : std::string_view();
}

std::optional<Cause> Event::cause(std::string_view field) const {
  const json::Value* value = line.member(field);
  if (!value) return std::nullopt;
  return to_cause(*value);
}

std::vector<Cause> Event::causes(std::string_view field) const {
  std::vector<Cause> causes;
  if (const json::Value* value = line.member(field); value && value->array())
    for (const json::Value& one : *value->array()) causes.push_back(to_cause(one));
  return causes;
}

std::optional<Place> Event::place(std::string_view field) const {
  const json::Value* value = line.member(field);
  if (!value) return std::nullopt;
  return to_place(*value);
}

std::vector<Place> Event::places(std::string_view field) const {
  std::vector<Place> places;
  if (const json::Value* value = line.member(field); value && value->array())
    for (const json::Value& one : *value->array()) places.push_back(to_place(one));
  return places;
}

std::string_view Trace::header_text(std::string_view field) const {
  const json::Value* value = header_ ? header_->member(field) : nullptr;
  return value && value->text() ? *value->text() : std::string_view();
}

std::unique_ptr<Trace> read_trace(std::string bytes) {
  auto trace = std::make_unique<Trace>();
  trace->bytes_ = std::move(bytes);
  std::string_view rest = trace->bytes_;
  std::size_t line_number = 0;
  const auto fail = [&](Problem::Code code, std::string message) {
    trace->problem_ = Problem{code, line_number, std::move(message)};
  };
  while (!rest.empty() && !trace->problem_) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    const std::string where = "line " + std::to_string(++line_number);
    if (is_blank(line)) continue;
    try {
      if (!trace->header_) {
        trace->header_ = to_header(line, trace->parser_);
      } else {
        trace->events_.push_back(to_event(trace->parser_.parse(line), trace->events_.size()));
      }
    } catch (const InvalidLine& invalid) {
      fail(invalid.code, where + ": " + invalid.message);
    } catch (const json::SyntaxError& error) {
      if (end == std::string_view::npos)
        fail(Problem::Code::cut_off,
             where +
                 ": the file is cut off in the middle of this line; what came before it is shown");
      else
        fail(Problem::Code::not_json, where + " is not JSON: " + error.message + " at column " +
                                          std::to_string(error.column));
    }
  }
  if (!trace->problem_ && !trace->header_) {
    line_number = 1;
    fail(Problem::Code::empty, "the file is empty: there is no trace in it");
  }
  return trace;
}

}  // namespace loopscope
