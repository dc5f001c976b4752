// How this process ends, for the last line of its trace.
#pragma once

#include <string>

#include "trace/recorder.hpp"

namespace asyncio::program {

// exit() and the return of main(), std::terminate(), and the signals of a crash: `recorder` gets a
// program_end, and the process ends as it would have. `recorder` must live for good.
void record_process_end(trace::Recorder& recorder);

// As the process was started: argv[0].
std::string program_path();

}  // namespace asyncio::program
