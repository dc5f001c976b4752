// Every event as one plain sentence that says why it happened. The page uses the same words
// (web/src/trace/narrate.ts); tests/cli holds the two together.
#pragma once

#include <string>

#include "reader/trace_index.hpp"

namespace loopscope {

// The sentence for event `index`: "Task-2 is put into the ready queue because Task-1, which it
// awaits, returned 7."
std::string narrate(const TraceIndex& trace, std::size_t index);

}  // namespace loopscope
