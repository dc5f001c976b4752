// The signals that a loop watches, and who is called when they come.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <vector>

#include <asyncio/detail/process_signals.hpp>
#include <asyncio/event_loop.hpp>

namespace asyncio::detail {

// The signal handler only leaves a note and wakes the loop; the loop calls.
class SignalWatch {
 public:
  explicit SignalWatch(EventLoop& loop) noexcept : loop_(loop) {}
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  // In the place of another one, which is cancelled. Throws as EventLoop::add_signal_handler().
  void add(int signal, Ref<HandleNode> node);
  // Whether there was one.
  bool remove(int signal);
  // Whom to call for what came, by signal number.
  std::vector<Ref<HandleNode>> take();

 private:
  static void arrived(void* watch, int signal) noexcept;

  EventLoop& loop_;
  std::map<int, Ref<HandleNode>> handlers_;  // the loop's own
  std::array<std::atomic<bool>, kMostSignals> came_{};
};

}  // namespace asyncio::detail
