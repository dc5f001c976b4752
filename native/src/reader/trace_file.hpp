// A trace as it was read: schema version 1 (native/schema/trace.v1.schema.json).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reader/json.hpp"

namespace loopscope {

enum class Kind : unsigned char {
  loop_start,
  loop_stop,
  loop_close,
  turn_begin,
  turn_end,
  scheduled,
  timer_due,
  handle_cancelled,
  dropped,
  abandoned,
  run_begin,
  run_end,
  task_created,
  task_step_begin,
  task_suspended,
  task_wakeup,
  task_cancel_requested,
  task_uncancelled,
  task_done,
  future_created,
  future_done,
  resource,
  output,
  log,
  io_ready,
  truncated,
  program_end,
  // A later version 1.x wrote it; shown as it is.
  unknown,
};

// Who caused something.
struct Cause {
  enum class Kind : unsigned char { outside, task, future, handle, yield };
  Kind kind = Kind::outside;
  std::uint64_t id = 0;
};

// A place in the source; line 0 is none.
struct Place {
  std::string_view func, file;
  std::int64_t line = 0;
};

// One line of the trace. Its fields were checked when it was read: what its kind must have is
// there.
class Event {
 public:
  std::int64_t t = 0;
  std::uint64_t loop = 0, turn = 0;
  Kind kind = Kind::unknown;
  json::Value line;

  bool has(std::string_view field) const { return line.member(field) != nullptr; }
  // 0 and "" where it is missing or null.
  std::int64_t number(std::string_view field) const;
  std::uint64_t id(std::string_view field) const {
    return static_cast<std::uint64_t>(number(field));
  }
  std::string_view text(std::string_view field) const;
  std::optional<Cause> cause(std::string_view field) const;
  std::vector<Cause> causes(std::string_view field) const;
  std::optional<Place> place(std::string_view field) const;
  std::vector<Place> places(std::string_view field) const;
};

// The name of a kind in the file; "" for `unknown`.
std::string_view kind_name(Kind kind);
// `unknown` where there is none of that name.
Kind kind_named(std::string_view name);
std::vector<std::string_view> kind_names();

// Why the reading ended before the file did. `line` counts from 1; the header is line 1.
struct Problem {
  enum class Code : unsigned char {
    empty,
    not_a_trace,
    unknown_version,
    not_json,
    bad_field,
    cut_off
  };
  Code code;
  std::size_t line;
  std::string message;
};

class Trace {
 public:
  Trace() = default;
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  // Null where the first line is no header; then there is a problem.
  const json::Value* header() const { return header_ ? &*header_ : nullptr; }
  std::string_view header_text(std::string_view field) const;
  const std::vector<Event>& events() const { return events_; }
  // What is wrong with it; the events before are good.
  const std::optional<Problem>& problem() const { return problem_; }
  // Whether the program's end is in it. Without it, the program was stopped, or the file cut off
  // between two lines.
  bool ended() const { return !events_.empty() && events_.back().kind == Kind::program_end; }

 private:
  friend std::unique_ptr<Trace> read_trace(std::string bytes);

  std::string bytes_;  // what texts point into
  json::Parser parser_;
  std::optional<json::Value> header_;
  std::vector<Event> events_;
  std::optional<Problem> problem_;
};

// Reads as far as it can.
std::unique_ptr<Trace> read_trace(std::string bytes);

}  // namespace loopscope
