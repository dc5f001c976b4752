#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include <asyncio/detail/process_signals.hpp>
#include <asyncio/errors.hpp>

#include "backends/interrupt.hpp"

namespace asyncio {

namespace {

using Arrived = void (*)(void* to, int signal) noexcept;

// Who is told. The handler of a signal that nobody has any more must find nothing here.
struct Watcher {
  std::atomic<void*> to{nullptr};
  std::atomic<Arrived> arrived{nullptr};
  std::atomic<unsigned> handlers_running{0};
  struct sigaction before{};
};
constinit std::array<Watcher, detail::kMostSignals> watchers;

Watcher& watcher(int signal) { return watchers[static_cast<std::size_t>(signal)]; }

void on_signal(int signal) {
  const int saved = errno;
  Watcher& one = watcher(signal);
  ++one.handlers_running;
  if (void* const to = one.to.load()) one.arrived.load()(to, signal);
  --one.handlers_running;
  errno = saved;
}

const std::thread::id first_thread = std::this_thread::get_id();
constinit std::atomic<InterruptAction> action_that_ends{nullptr};
std::terminate_handler previous_terminate = nullptr;

void on_terminate() {
  try {
    if (const std::exception_ptr error = std::current_exception()) std::rethrow_exception(error);
  } catch (const KeyboardInterrupt&) {
    detail::interrupt_process();
  } catch (...) {
  }
  previous_terminate();
}

}  // namespace

void set_interrupt_action_that_ends(InterruptAction action) noexcept { action_that_ends = action; }

namespace detail {

void check_signal(int signal) {
  if (signal <= 0 || signal >= kMostSignals || (signal >= __SIGRTMIN && signal < SIGRTMIN))
    throw ValueError("invalid signal number " + std::to_string(signal));
}

void catch_signal(int signal, Arrived arrived, void* to) {
  check_signal(signal);
  Watcher& one = watcher(signal);
  void* nobody = nullptr;
  one.arrived = arrived;
  if (!one.to.compare_exchange_strong(nobody, to))
    throw RuntimeError("signal " + std::to_string(signal) + " is handled by another event loop");
  struct sigaction action{};
  action.sa_handler = &on_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  if (sigaction(signal, &action, &one.before) == 0) return;
  one.to = nullptr;
  throw RuntimeError("sig " + std::to_string(signal) + " cannot be caught");
}

void release_signal(int signal) noexcept {
  Watcher& one = watcher(signal);
  sigaction(signal, &one.before, nullptr);
  one.to = nullptr;
  while (one.handlers_running != 0) std::this_thread::yield();  // in another thread
}

bool interrupt_ends_process() noexcept {
  if (std::this_thread::get_id() != first_thread) return false;
  struct sigaction now{};
  sigaction(SIGINT, nullptr, &now);
  return now.sa_handler == SIG_DFL ||
         (action_that_ends.load() && now.sa_handler == action_that_ends.load());
}

int interrupt_signal() noexcept { return SIGINT; }
void interrupt_process() noexcept { raise(SIGINT); }

void expect_keyboard_interrupt() noexcept {
  if (!previous_terminate) previous_terminate = std::set_terminate(&on_terminate);
}

}  // namespace detail
}  // namespace asyncio
