#include "backends/outside.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "backends/process.hpp"

namespace asyncio {

namespace {

const std::filesystem::path kDescriptors = "/proc/self/fd";

// Whether `matches(fd)` holds for any descriptor of this process.
template <class F>
bool any_descriptor(F&& matches) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(kDescriptors, error), end; !error && entry != end;
       entry.increment(error))
    if (matches(std::atoi(entry->path().filename().c_str()))) return true;
  return false;
}

int access_mode(int fd) noexcept { return fcntl(fd, F_GETFL) & O_ACCMODE; }

// A pipe is between us and ourselves where its other end is ours, too.
bool pipe_leads_outside(int fd, const struct stat& of) {
  const int mode = access_mode(fd);
  return mode != O_RDWR && !any_descriptor([&](int other) {
           struct stat its{};
           return fstat(other, &its) == 0 && its.st_dev == of.st_dev && its.st_ino == of.st_ino &&
                  access_mode(other) != mode;
         });
}

// The port at an internet socket's end; 0 where there is none.
template <class F>
in_port_t port_of(int fd, F* name_of) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (name_of(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) return reinterpret_cast<sockaddr_in&>(address).sin_port;
  if (address.ss_family == AF_INET6) return reinterpret_cast<sockaddr_in6&>(address).sin6_port;
  return 0;
}

bool socket_leads_outside(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  int domain = 0;
  socklen_t domain_size = sizeof domain;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_size) != 0) return false;
  if (domain == AF_UNIX) {
    // 0: nobody is at the other end.
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid != 0 &&
           peer.pid != getpid();
  }
  const in_port_t port = port_of(fd, &getpeername);
  return port != 0 &&
         !any_descriptor([&](int other) { return port_of(other, &getsockname) == port; });
}

// Whether one of those that an epoll descriptor watches is answered from outside.
bool watches_outside(int fd) {
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd));
  for (std::string word; file >> word;) {
    int watched = 0;
    if (word == "tfd:" && file >> watched && watched != fd && answered_from_outside(watched))
      return true;
  }
  return false;
}

// What is neither a file nor a socket: a process, a timer of the system, changes of files; what
// threads in C tell each other by, where there are other threads.
bool is_event_from_outside(int fd) {
  std::error_code error;
  const std::string name = std::filesystem::read_symlink(kDescriptors / std::to_string(fd), error);
  const auto is_one = [&](const char* kind) { return name.find(kind) != std::string::npos; };
  if (name.empty() || name.front() == '/') return false;
  if (is_one("eventpoll")) return watches_outside(fd);
  if (is_one("eventfd")) return other_threads_exist();
  return is_one("pidfd") || is_one("timerfd") || is_one("inotify");
}

}  // namespace

bool answered_from_outside(int fd) noexcept {
  try {
    struct stat of{};
    if (fstat(fd, &of) != 0) return false;
    if (S_ISFIFO(of.st_mode)) return pipe_leads_outside(fd, of);
    if (S_ISSOCK(of.st_mode)) return socket_leads_outside(fd);
    if (S_ISCHR(of.st_mode)) return isatty(fd) != 0;
    return !S_ISREG(of.st_mode) && !S_ISDIR(of.st_mode) && is_event_from_outside(fd);
  } catch (const std::exception&) {
    return false;  // no memory
  }
}

}  // namespace asyncio
