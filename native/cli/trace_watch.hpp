// What becomes of the trace of a program that is being run.
#pragma once

#include <string>

namespace loopscope {

// A pipe on which the program tells it.
class TraceWatch {
 public:
  TraceWatch();
  TraceWatch(const TraceWatch&) = delete;
  TraceWatch& operator=(const TraceWatch&) = delete;
  ~TraceWatch();

  // The program's end of it, for LOOPSCOPE_TRACE_REPORT.
  std::string descriptor() const { return std::to_string(end_); }

  struct Seen {
    bool begun = false, failed = false, ended = false;
  };
  // Once the program is over.
  Seen seen();

 private:
  int ours_ = -1, end_ = -1;
};

}  // namespace loopscope
