// A trace as lines of text: what happened, and why.
#pragma once

#include <ostream>
#include <set>
#include <string>

#include "reader/trace_index.hpp"
#include "terminal.hpp"

namespace loopscope {

// Which events to show. Empty: all.
struct Filter {
  std::set<std::uint64_t> tasks;  // what they are about, or in whose steps they happened
  std::set<std::string> kinds;    // by the name in the file
};

// One event a line: time, turn, who was running, and a sentence that says why.
void print_timeline(std::ostream& out, const TraceIndex& trace, const Filter& filter,
                    const Style& style);

// "hello: C++, virtual clock (native, ...)", and how much is in it.
std::string title_of(const TraceIndex& trace);

}  // namespace loopscope
