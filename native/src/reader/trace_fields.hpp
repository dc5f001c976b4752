// What each line of a trace must have, and saying what is wrong with one.
#pragma once

#include "reader/trace_file.hpp"

namespace loopscope {

// What is wrong with one line; the caller knows which.
struct InvalidLine {
  Problem::Code code;
  std::string message;
};

// Both throw InvalidLine. `seq`: the number that the event must have.
void check_header(const json::Value& header);
void check_event(const json::Value& event, std::uint64_t seq);

}  // namespace loopscope
