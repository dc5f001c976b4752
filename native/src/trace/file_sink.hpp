// A trace in a file.
#pragma once

#include <string>

#include "trace/recorder.hpp"

namespace asyncio::trace {

// Creates or empties the file. An empty function, and `error`, when it cannot.
Sink open_file_sink(const std::string& path, std::string& error);

}  // namespace asyncio::trace
