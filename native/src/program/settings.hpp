// How the loops of this process are made: set before the first one, by the environment or by a
// host.
#pragma once

#include <memory>
#include <string>

#include "trace/recorder.hpp"

namespace asyncio::program {

// The recorder that every loop of this process is traced by, or null. Loops made before it was set
// are not traced.
trace::Recorder* recorder() noexcept;

// Becomes the process's recorder; it stays for good, for the program may print until its very end.
void set_recorder(std::unique_ptr<trace::Recorder> recorder) noexcept;

// Under which name new_event_loop() asks for its backend: of available_backends(), "" for the
// default.
const std::string& backend() noexcept;
void set_backend(std::string name);

// The debug flag for new loops.
bool debug() noexcept;
void set_debug(bool enabled) noexcept;

// Which compiler and system built this, for the trace's header.
std::string platform_name();
std::string compiler_name();

}  // namespace asyncio::program
