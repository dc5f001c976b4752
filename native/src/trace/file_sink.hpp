// A trace in a file.
#pragma once

#include <functional>
#include <string>

#include "trace/recorder.hpp"

namespace asyncio::trace {

// What becomes of the file. Both may be called in a signal handler, at most once each.
struct FileReport {
  // Nothing more is written. What is there ends with a whole line, where the file can be cut.
  void (*failed)(int error) noexcept;
  // The program's end is in it.
  void (*ended)() noexcept;
};

// Creates or empties the file. An empty function, and `error` as errno has it, when it cannot;
// EWOULDBLOCK when another process writes its trace there. Only the process that opened it writes:
// not what it forks.
Sink open_file_sink(const std::string& path, FileReport report, int& error);

// Whether `path` is the file, the pipe or the terminal that `fd` writes to.
bool is_file_of(int fd, const std::string& path);

}  // namespace asyncio::trace
