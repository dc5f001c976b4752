// Sentences about tasks and futures, not yet capitalised.
#pragma once

#include <string>

#include "reader/trace_index.hpp"

namespace loopscope {

std::string narrate_task(const TraceIndex& trace, std::size_t index, const Event& event);
std::string narrate_future_done(const TraceIndex& trace, std::size_t index, const Event& event);
// Of a task_done or future_done: "returned 7", "ended with ValueError: x", "was cancelled"; for
// futures "has its result".
std::string outcome_text(const Event& event);

}  // namespace loopscope
