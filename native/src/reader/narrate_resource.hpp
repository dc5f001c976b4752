// Sentences about locks, queues and what else tasks share, not yet capitalised.
#pragma once

#include <string>

#include "reader/trace_index.hpp"

namespace loopscope {

std::string narrate_resource(const TraceIndex& trace, const Event& event);

}  // namespace loopscope
