// Traces for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trace/recorder.hpp"

namespace asyncio {

// A recorder that keeps its lines in memory.
class TraceText {
 public:
  explicit TraceText(std::shared_ptr<Clock> clock, trace::Limits limits = {});

  trace::Recorder& recorder() noexcept { return recorder_; }
  // Everything so far: the header and the events, without line ends.
  std::vector<std::string> lines();
  // The events of these kinds, from their kind on: `run_begin","handle":1`.
  std::vector<std::string> events(const std::vector<std::string>& kinds);

 private:
  std::string text_;
  trace::Recorder recorder_;
};

// Lines of a trace with their numbers (handles, tasks, futures, loops, "Task-7") counted from 1 in
// the order in which they appear, so that traces of one program in one process can be compared.
// Number fields of the names in `without` are left out, and `t` and `when` count from the first.
std::vector<std::string> normalised(const std::vector<std::string>& lines,
                                    const std::vector<std::string>& without = {});

// The first lines that differ, or "".
std::string difference(const std::vector<std::string>& one, const std::vector<std::string>& other);

}  // namespace asyncio
