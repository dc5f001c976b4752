#include "trace_watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "arguments.hpp"
#include "program/trace_report.hpp"

namespace loopscope {

TraceWatch::TraceWatch() {
  // High, so that the program's own descriptors have the numbers that they have without a trace.
  constexpr int kHigh = 200;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    throw Failure{std::string("pipe: ") + std::strerror(errno)};
  ours_ = ends[0];
  end_ = fcntl(ends[1], F_DUPFD, kHigh);
  if (end_ < 0) end_ = fcntl(ends[1], F_DUPFD, 3);
  close(ends[1]);
}

TraceWatch::~TraceWatch() {
  close(ours_);
  close(end_);
}

TraceWatch::Seen TraceWatch::seen() {
  using namespace asyncio::program;
  Seen seen;
  char what = 0;
  while (read(ours_, &what, 1) == 1) {
    seen.begun = seen.begun || what == kTraceBegun;
    seen.failed = seen.failed || what == kTraceFailed;
    seen.ended = seen.ended || what == kTraceEnded;
  }
  return seen;
}

}  // namespace loopscope
