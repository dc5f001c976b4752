#include "trace/file_sink.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace asyncio::trace {

namespace {

// A program must not end because its trace cannot be written: a file that is too long, a pipe that
// nobody reads.
class WithoutSignals {
 public:
  WithoutSignals() noexcept {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGXFSZ);
    sigaddset(&signals_, SIGPIPE);
    sigpending(&pending_);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;
  ~WithoutSignals() {
    sigset_t now;
    sigpending(&now);
    for (const int signal : {SIGXFSZ, SIGPIPE}) {
      if (!sigismember(&now, signal) || sigismember(&pending_, signal)) continue;
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, signal);
      const timespec at_once{};
      sigtimedwait(&one, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t signals_{}, pending_{}, before_{};
};

bool same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

class TraceFile {
 public:
  TraceFile(int fd, const struct stat& file, FileReport report)
      : fd_(fd), file_(file), process_(getpid()), report_(report) {}

  void write_lines(std::string_view lines) noexcept {
    if (failed_ || getpid() != process_) return;
    const WithoutSignals here;
    // Raw writes, for they are allowed in a signal handler.
    std::string_view left = lines;
    int error = is_ours() ? 0 : EBADF;
    while (!left.empty() && error == 0) {
      const ssize_t written = write(fd_, left.data(), left.size());
      if (written >= 0)
        left.remove_prefix(static_cast<std::size_t>(written));
      else if (errno != EINTR)
        error = errno;
    }
    const std::string_view done = lines.substr(0, lines.size() - left.size());
    whole_ += static_cast<off_t>(done.rfind('\n') + 1);
    if (error != 0)
      fail(error);
    else if (lines.find(R"("kind":"program_end")", lines.rfind('\n', lines.size() - 2) + 1) !=
             std::string_view::npos)
      report_.ended();
  }

 private:
  // Programs that close all their descriptors may have another file there by now.
  bool is_ours() const noexcept {
    struct stat now{};
    return fstat(fd_, &now) == 0 && same(now, file_);
  }
  void fail(int error) noexcept {
    failed_ = true;
    if (S_ISREG(file_.st_mode) && is_ours())
      while (ftruncate(fd_, whole_) != 0 && errno == EINTR) {
      }
    report_.failed(error);
  }

  int fd_;
  struct stat file_;
  pid_t process_;
  FileReport report_;
  off_t whole_ = 0;  // up to where there are whole lines
  bool failed_ = false;
};

// Out of the way of the program's own descriptors, which have the numbers that they have without a
// trace.
int moved_up(int fd) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr int kRoom = 64;  // for those that are up there already
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1024));
  const int high = fcntl(fd, F_DUPFD_CLOEXEC, std::max(end - kRoom, 3));
  if (high < 0) return fd;
  close(fd);
  return high;
}

}  // namespace

Sink open_file_sink(const std::string& path, FileReport report, int& error) {
  const int opened = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
  if (opened < 0) {
    error = errno;
    return {};
  }
  const int fd = moved_up(opened);
  struct stat file{};
  const auto prepared = [&] {
    if (fstat(fd, &file) != 0) return false;
    return !S_ISREG(file.st_mode) || (flock(fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(fd, 0) == 0);
  };
  if (!prepared()) {
    error = errno;
    close(fd);
    return {};
  }
  // They live as long as the process. A child that outlives it must not hold the file.
  static int descriptor = fd;
  pthread_atfork(nullptr, nullptr, [] { close(descriptor); });
  auto* const trace = new TraceFile(fd, file, report);
  return [trace](std::string_view lines) { trace->write_lines(lines); };
}

bool is_file_of(int fd, const std::string& path) {
  struct stat of_descriptor{};
  struct stat of_path{};
  if (fstat(fd, &of_descriptor) != 0 || stat(path.c_str(), &of_path) != 0) return false;
  // A device without a memory (/dev/null) is nobody's.
  if (S_ISCHR(of_path.st_mode) && !isatty(fd)) return false;
  return same(of_descriptor, of_path);
}

}  // namespace asyncio::trace
