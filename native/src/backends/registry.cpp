#include "backends/registry.hpp"

#include <stdexcept>
#include <vector>

#include "backends/clocks.hpp"
#include "backends/process.hpp"
#include "backends/virtual_time.hpp"

// The only file that asks which platform this is.
#if defined(__linux__)
#include "backends/epoll_poller.hpp"
#endif
#if defined(__unix__) && !defined(__EMSCRIPTEN__)
#include "backends/outside.hpp"
#include "backends/poll_poller.hpp"
#include "backends/select_poller.hpp"
#endif

namespace asyncio {

namespace {

template <class P>
EventLoop::Backend with_monotonic_clock() {
  return {std::make_shared<MonotonicClock>(), std::make_shared<P>()};
}

// For the virtual clock: tells of what is ready in the order in which it was added, as epoll does
// not; but what cannot be waited for, regular files, it refuses as epoll does.
#if defined(__linux__)
class OrderedDescriptors final : public PollPoller {
 public:
  void watch(int fd, Interest interest) override {
    if (interest != Interest::none) {
      taken_by_epoll_.watch(fd, interest);
      taken_by_epoll_.watch(fd, Interest::none);
    }
    PollPoller::watch(fd, interest);
  }

 private:
  EpollPoller taken_by_epoll_;
};
std::unique_ptr<Poller> new_descriptors() { return std::make_unique<OrderedDescriptors>(); }
#elif defined(__unix__) && !defined(__EMSCRIPTEN__)
std::unique_ptr<Poller> new_descriptors() { return std::make_unique<PollPoller>(); }
#else
constexpr std::unique_ptr<Poller> (*new_descriptors)() = nullptr;
constexpr bool (*answered_from_outside)(int) noexcept = nullptr;
#endif

EventLoop::Backend virtual_backend() {
  const auto& time = VirtualTime::of_process();
  return {time, std::make_shared<VirtualPoller>(time, &other_threads_exist, new_descriptors,
                                                answered_from_outside)};
}

std::vector<BackendInfo>& backends() {
  static std::vector<BackendInfo> list{
#if defined(__linux__)
      {"epoll", "Linux epoll, the machine's monotonic clock", &with_monotonic_clock<EpollPoller>},
#endif
#if defined(__unix__) && !defined(__EMSCRIPTEN__)
      {"poll", "POSIX poll(), the machine's monotonic clock", &with_monotonic_clock<PollPoller>},
      {"select", "POSIX select(), for descriptors below 1024, the machine's monotonic clock",
       &with_monotonic_clock<SelectPoller>},
#endif
      {"virtual", "no waiting: the clock jumps to the next deadline", &virtual_backend},
  };
  return list;
}

}  // namespace

std::span<const BackendInfo> available_backends() { return backends(); }

void register_backend(const BackendInfo& backend) {
  backends().insert(backends().begin(), backend);
}

EventLoop::Backend make_backend(std::string_view name) {
  std::string names;
  for (const BackendInfo& backend : backends()) {
    if (name.empty() || backend.name == name) return backend.make();
    names += (names.empty() ? "" : ", ") + std::string(backend.name);
  }
  throw std::invalid_argument("no loop is called \"" + std::string(name) +
                              "\"; there are: " + names);
}

}  // namespace asyncio
