#include "timeline_text.hpp"

#include <algorithm>

#include "reader/duration_text.hpp"
#include "reader/names.hpp"
#include "reader/narrate.hpp"
#include "reader/time_axis.hpp"

namespace loopscope {

namespace {

// Right-aligned, at least `width` columns.
std::string right(const std::string& text, std::size_t width) {
  const std::size_t own = columns(text);
  return std::string(width - std::min(width, own), ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
  const std::size_t own = columns(text);
  return text + std::string(width - std::min(width, own), ' ');
}

bool is_loops_own(const Event& event) {
  switch (event.kind) {
    // What a descriptor or a signal asks for, the loop schedules.
    case Kind::scheduled:
      return event.text("label") == "io_ready" || event.text("label") == "signal";
    case Kind::loop_start:
    case Kind::loop_stop:
    case Kind::loop_close:
    case Kind::turn_begin:
    case Kind::turn_end:
    case Kind::timer_due:
    case Kind::dropped:
    case Kind::abandoned:
    case Kind::io_ready:
      return true;
    default:
      return false;
  }
}

class Printer {
 public:
  Printer(std::ostream& out, const TraceIndex& trace, const Filter& filter, const Style& style)
      : out_(out), trace_(trace), filter_(filter), style_(style), times_(time_axis(trace.trace())) {
    for (std::size_t index = 0; index < times_.size(); ++index) {
      const Event& event = *trace.event(index);
      time_width_ = std::max(time_width_, columns(duration_text(times_[index])));
      turn_width_ = std::max(turn_width_, std::to_string(event.turn).size());
      who_width_ = std::max(who_width_, columns(who(index, event)));
    }
  }

  void print() {
    for (std::size_t index = 0; index < times_.size(); ++index) {
      const Event& event = *trace_.event(index);
      if (event.kind == Kind::turn_end) in_turn_.erase(event.loop);
      if (is_wanted(index, event)) print_event(index, event);
      if (event.kind == Kind::turn_begin) in_turn_.insert(event.loop);
      if (event.kind == Kind::loop_stop) in_turn_.erase(event.loop);
    }
  }

 private:
  // The task, callback or loop that was doing it.
  std::string who(std::size_t index, const Event& event) const {
    if (const std::uint64_t handle = trace_.running_at(index)) {
      const std::uint64_t task = trace_.task_of_handle(handle);
      return task != 0 ? printable(task_name(trace_, task)) : "#" + std::to_string(handle);
    }
    if (!is_loops_own(event)) return "program";
    return trace_.loops().size() > 1 ? "loop " + std::to_string(event.loop) : "loop";
  }

  bool is_wanted(std::size_t index, const Event& event) const {
    if (!filter_.kinds.empty() && !filter_.kinds.contains(std::string(event.text("kind"))))
      return false;
    return filter_.tasks.empty() || filter_.tasks.contains(event.id("task")) ||
           filter_.tasks.contains(trace_.task_at(index));
  }

  void print_event(std::size_t index, const Event& event) {
    const bool same_time = printed_ && times_[index] == last_time_;
    last_time_ = times_[index];
    printed_ = true;
    const std::size_t inside = depth(index, event) * 2;
    const std::size_t indent = time_width_ + turn_width_ + who_width_ + 6 + inside;
    std::string sentence = printable(narrate(trace_, index));
    if (style_.width > 0) sentence = wrapped(sentence, style_.width, indent);
    const std::uint64_t task = trace_.task_at(index);
    out_ << (same_time ? dim(style_) : "") << right(duration_text(times_[index]), time_width_)
         << plain(style_) << "  " << dim(style_) << right(std::to_string(event.turn), turn_width_)
         << plain(style_) << "  " << (task != 0 ? task_colour(style_, task) : dim(style_))
         << left(who(index, event), who_width_) << plain(style_) << "  " << std::string(inside, ' ')
         << emphasis(event) << sentence << plain(style_) << "\n";
  }

  // A turn's events stand within it, a handle's within that.
  std::size_t depth(std::size_t index, const Event& event) const {
    const std::size_t turn = in_turn_.contains(event.loop) ? 1 : 0;
    const bool edge = event.kind == Kind::run_begin || event.kind == Kind::run_end;
    return turn + (trace_.running_at(index) != 0 && !edge ? 1 : 0);
  }

  std::string emphasis(const Event& event) const {
    const std::string_view outcome = event.text("outcome");
    if (outcome == "exception" || outcome == "raised" || outcome == "crashed" ||
        event.text("level") == "error" || event.kind == Kind::truncated)
      return red(style_);
    if (event.kind == Kind::output) return bold(style_);
    return event.kind == Kind::turn_begin || event.kind == Kind::turn_end ? dim(style_) : "";
  }

  std::ostream& out_;
  const TraceIndex& trace_;
  const Filter& filter_;
  const Style& style_;
  std::vector<std::int64_t> times_;
  std::set<std::uint64_t> in_turn_;
  std::size_t time_width_ = 0, turn_width_ = 0, who_width_ = 0;
  std::int64_t last_time_ = 0;
  bool printed_ = false;
};

}  // namespace

void print_timeline(std::ostream& out, const TraceIndex& trace, const Filter& filter,
                    const Style& style) {
  Printer(out, trace, filter, style).print();
}

std::string title_of(const TraceIndex& index) {
  const Trace& trace = index.trace();
  std::string host;
  for (const json::Member& member : *trace.header()->member("host")->object())
    host += (host.empty() ? "" : ", ") + std::string(*member.value.text());
  std::int64_t tasks = 0, turns = 0;
  for (const Event& event : trace.events()) {
    tasks += event.kind == Kind::task_created ? 1 : 0;
    turns += event.kind == Kind::turn_begin ? 1 : 0;
  }
  const std::vector<std::int64_t> times = time_axis(trace);
  return printable(std::string(trace.header_text("program")) + ": " +
                   (trace.header_text("guest") == "cpp" ? "C++" : "Python") + ", " +
                   std::string(trace.header_text("clock")) + " clock" +
                   (host.empty() ? "" : " (" + host + ")") + "; " +
                   count_text(static_cast<std::int64_t>(times.size()), "event") + ", " +
                   count_text(tasks, "task") + ", " + count_text(turns, "turn") + ", " +
                   duration_text(times.empty() ? 0 : times.back()));
}

}  // namespace loopscope
