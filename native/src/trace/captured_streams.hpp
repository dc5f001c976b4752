// The program's two streams while they are captured: what output_capture.cpp puts before them, and
// captured_calls.cpp needs to know of it.
#pragma once

#include <sys/stat.h>

#include <cstdio>
#include <string_view>

#include "trace/recorder.hpp"

namespace asyncio::trace {

// One of them. Between the program and its FILE stands another FILE (`tee`), which records and
// hands on; `stdout` or `stderr` is that one.
struct CapturedStream {
  Recorder* recorder;
  Stream stream;
  int fd;
  struct stat file;  // what the descriptor was in the beginning
  std::FILE* real;   // null once the program has closed it
  std::FILE* tee;

  void record(std::string_view text) noexcept;
  // For what may be called in a signal handler.
  void post(std::string_view text) noexcept;

 private:
  // False once the program has led the descriptor elsewhere (freopen(), dup2()): then it no longer
  // prints there.
  bool is_as_it_was() const noexcept;
};

// Null where it is none of them, or nothing is captured.
CapturedStream* captured_file(const std::FILE* file) noexcept;
CapturedStream* captured_descriptor(int fd) noexcept;

// While one lives on this thread, what is written to the descriptors is on its way from a tee, and
// recorded already.
class PassingOn {
 public:
  PassingOn() noexcept;
  PassingOn(const PassingOn&) = delete;
  PassingOn& operator=(const PassingOn&) = delete;
  ~PassingOn();

 private:
  bool before_;
};

// Of captured_calls.cpp. Naming it is what links that file.
void find_original_calls() noexcept;

// std::ios::sync_with_stdio(), which makes new buffers for the standard streams: `make` is that of
// the C++ library, and sees the streams as they are without a trace.
bool exchange_buffers(bool (*make)(bool), bool sync);

}  // namespace asyncio::trace
