#include "backends/wake_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace asyncio {

WakePipe::WakePipe() {
  int ends[2];
  if (pipe(ends) < 0) throw std::system_error(errno, std::system_category(), "pipe");
  for (const int end : ends) {
    fcntl(end, F_SETFL, O_NONBLOCK);
    fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  read_end_ = ends[0];
  write_end_ = ends[1];
}

WakePipe::~WakePipe() {
  close(read_end_);
  close(write_end_);
}

// A full pipe is readable already.
void WakePipe::ring() const noexcept { static_cast<void>(!write(write_end_, "", 1)); }

void WakePipe::drain() const noexcept {
  char bytes[256];
  while (read(read_end_, bytes, sizeof bytes) > 0) {
  }
}

}  // namespace asyncio
