// The one run of a program in this module: a new instance of the module is made for each run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asyncio/hosted_run.hpp>

#include "runner/program.hpp"
#include "trace/recorder.hpp"

namespace loopscope {

// What a JavaScript host can wait with joins asyncio::available_backends(); once, before the first
// session.
void register_js_backends();

struct Options {
  std::string program;  // its name in the trace
  std::string backend;  // of asyncio::available_backends()
  std::string platform;
  asyncio::trace::Source source;
  bool debug = false;
  // The program's loop is driven by the host (co_main only), instead of blocking until it ends.
  bool hosted = false;
  asyncio::trace::Limits limits;
};

class Session {
 public:
  // Starts the trace. The session lives for good, as does the program.
  explicit Session(const Options& options);

  // Runs the program of the side module `path` and ends the process: exit() is how it returns. Only
  // a hosted run returns.
  void start(const char* path, std::vector<std::string> args);
  // Hosted: turns for about `budget` milliseconds while something is ready. Milliseconds until the
  // next call is due; ends the process when the program is done.
  double advance(double budget);
  // What the program wrote to file descriptor 1 or 2.
  void output(int fd, std::string_view text) noexcept;
  // The last line of the trace; `error` is empty when the program exited. Works when memory or
  // stack are used up.
  void end(int code, std::string_view error) noexcept;
  // What end() was told first; null before, or when the program exited.
  const char* error() const noexcept { return error_[0] == '\0' ? nullptr : error_; }

 private:
  asyncio::trace::Recorder* recorder_;
  bool hosted_;
  std::vector<std::string> args_;
  std::vector<char*> argv_;
  std::optional<asyncio::HostedRun> run_;
  char error_[512] = {};
  std::unique_ptr<char[]> reserve_;  // given back when memory is used up
};

}  // namespace loopscope
