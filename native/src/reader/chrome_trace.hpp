// A trace in Chrome's trace format, as chrome://tracing and Perfetto open it.
#pragma once

#include <string>

#include "reader/trace_index.hpp"

namespace loopscope {

// The JSON text of the file: a track for each task with its steps and waits, a track for each loop
// with its callbacks and polls, arrows for wake-ups, output as instants, and the lengths of the
// queues as counters.
//
// On the virtual clock steps take no time, and viewers do not show what takes none. So every event
// comes at least a microsecond after the one before, which moves the file's times by so much; `ns`
// among a slice's arguments is the time of the trace itself.
std::string chrome_trace(const TraceIndex& trace);

}  // namespace loopscope
