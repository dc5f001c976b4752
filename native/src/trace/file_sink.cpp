#include "trace/file_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace asyncio::trace {

Sink open_file_sink(const std::string& path, std::string& error) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    error = std::strerror(errno);
    return {};
  }
  // Raw writes, for they are allowed in a signal handler. The descriptor lives as long as the
  // process.
  return [fd](std::string_view lines) {
    while (!lines.empty()) {
      const ssize_t written = write(fd, lines.data(), lines.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return;  // a full disk: the program itself goes on
      lines.remove_prefix(static_cast<std::size_t>(written));
    }
  };
}

}  // namespace asyncio::trace
