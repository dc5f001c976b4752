#include <algorithm>
#include <iostream>
#include <sstream>

#include "arguments.hpp"
#include "commands.hpp"
#include "files.hpp"
#include "reader/chrome_trace.hpp"
#include "reader/names.hpp"
#include "reader/trace_file.hpp"
#include "reader/trace_index.hpp"
#include "terminal.hpp"
#include "timeline_text.hpp"

namespace loopscope {

namespace {

std::set<std::string> wanted_kinds(const Arguments& arguments, const Trace& trace) {
  std::set<std::string> kinds;
  std::istringstream words(arguments.value("--kind").value_or(""));
  for (std::string kind; std::getline(words, kind, ',');) {
    const bool in_trace =
        std::any_of(trace.events().begin(), trace.events().end(),
                    [&](const Event& event) { return event.text("kind") == kind; });
    if (kind_named(kind) == Kind::unknown && !in_trace) {
      std::string names;
      for (const std::string_view name : kind_names())
        names += (names.empty() ? "" : ", ") + std::string(name);
      throw UsageError{"--kind is \"" + kind + "\"; it can be " + names};
    }
    kinds.insert(kind);
  }
  return kinds;
}

std::set<std::uint64_t> wanted_tasks(const Arguments& arguments, const Trace& trace) {
  const auto wanted = arguments.value("--task");
  std::set<std::uint64_t> tasks;
  if (!wanted) return tasks;
  std::string names;
  for (const Event& event : trace.events()) {
    if (event.kind != Kind::task_created) continue;
    if (event.text("name") == *wanted) tasks.insert(event.id("task"));
    names += (names.empty() ? "" : ", ") + std::string(event.text("name"));
  }
  if (tasks.empty())
    throw Failure{"there is no task \"" + *wanted + "\" in the trace; there " +
                  (names.empty() ? "are none" : "are " + printable(names))};
  return tasks;
}

void export_chrome_trace(const TraceIndex& index, const std::string& out) {
  const std::string text = chrome_trace(index);
  if (out == "-")
    std::cout << text;
  else
    write_file(out, text);
}

int run(std::span<const std::string> words) {
  const Option options[] = {{"--chrome", "the file to write"},
                            {"--task", "a task's name"},
                            {"--kind", "kinds of events, with commas between"}};
  const Arguments arguments = parse_arguments(words, options);
  const std::string& file = only_positional(arguments, "the trace file");
  const std::unique_ptr<Trace> trace = read_trace(read_file(file));
  if (trace->header()) {
    const TraceIndex index(*trace);
    const Filter filter{wanted_tasks(arguments, *trace), wanted_kinds(arguments, *trace)};
    if (const auto out = arguments.value("--chrome")) {
      export_chrome_trace(index, *out);
    } else {
      const Style style = terminal_style();
      std::cout << bold(style) << title_of(index) << plain(style) << "\n\n";
      print_timeline(std::cout, index, filter, style);
    }
  }
  if (trace->problem()) throw Failure{file + ": " + printable(trace->problem()->message)};
  std::cout.flush();
  if (!trace->ended())
    std::cerr << "loopscope: " << file
              << ": the program's end is not in the trace: it was stopped, or the file cut off "
                 "between two lines\n";
  return 0;
}

}  // namespace

const Command kTraceCommand{"trace", "show a trace as a readable timeline, or export it",
                            R"(Usage: loopscope trace FILE [OPTIONS]

Shows a trace: one event a line, with its time, the loop's turn, who was running, and a sentence that
says why it happened. FILE comes from `loopscope run --trace`, from LOOPSCOPE_TRACE, or from the
page's download; "-" is standard input. Of a damaged file, what can be read is shown, and then what
is wrong in which line.

  --task NAME     only the events of this task
  --kind KINDS    only these kinds of events, with commas between: --kind output,task_done
  --chrome OUT    instead, write OUT in Chrome's trace format, for ui.perfetto.dev and
                  chrome://tracing

Exit code: 0; 1 where the file cannot be read, or not to its end.
)",
                            &run};

}  // namespace loopscope
