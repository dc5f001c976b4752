#include "program/process_end.hpp"

#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>

#include <asyncio/errors.hpp>

#include "backends/interrupt.hpp"
#include "program/settings.hpp"

namespace asyncio::program {

namespace {

trace::Recorder* recorder_at_end = nullptr;
std::terminate_handler previous_terminate = nullptr;
pid_t process = 0;
std::uintptr_t stack_base = 0;  // an address near the outermost frame

constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int kInterrupts[] = {SIGINT, SIGTERM};

int exit_code_of(int signal) { return 128 + signal; }  // as a shell reports it

void on_terminate() {
  std::string text = "std::terminate() was called";
  if (const std::exception_ptr error = std::current_exception())
    text = "uncaught exception " + describe(error);
  recorder_at_end->finish({true, exit_code_of(SIGABRT), text});
  previous_terminate();
}

// A fault just below the lowest address that the stack may grow to.
bool is_stack_overflow(const siginfo_t* info) {
  constexpr std::uintptr_t kNear = 1U << 20;
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const std::uintptr_t depth = stack_base - address;
  return address < stack_base && depth + kNear > limit.rlim_cur && depth < limit.rlim_cur + kNear;
}

const char* signal_text(int signal, const siginfo_t* info) {
  switch (signal) {
    case SIGSEGV:
      return is_stack_overflow(info) ? "stack overflow" : "segmentation fault";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic fault";
    case SIGILL:
      return "illegal instruction";
    default:
      return "abort() was called";
  }
}

// What somebody sends may interrupt anything, the writing of an event too: that is finished first.
void on_interrupt(int signal) noexcept {
  if (trace::Recorder::call_when_done(&on_interrupt, signal)) return;
  // A second one must not end the process before the first is through: it may not be in a handler
  // any more.
  sigset_t interrupts;
  sigemptyset(&interrupts);
  for (const int one : kInterrupts) sigaddset(&interrupts, one);
  pthread_sigmask(SIG_BLOCK, &interrupts, nullptr);
  recorder_at_end->finish_in_emergency(
      {true, exit_code_of(signal), signal == SIGINT ? "interrupted" : "terminated"});
  std::signal(signal, SIG_DFL);
  raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &interrupts, nullptr);
}

void on_interrupt_action(int signal) { on_interrupt(signal); }

void on_signal(int signal, siginfo_t* info, void*) {
  recorder_at_end->finish_in_emergency({true, exit_code_of(signal), signal_text(signal, info)});
  // SA_RESETHAND has restored the default action: end as without us.
  raise(signal);
}

void handle(int signal, const struct sigaction& action) {
  struct sigaction current{};
  sigaction(signal, nullptr, &current);
  // What the program or its parent decided stays.
  if (current.sa_handler == SIG_DFL) sigaction(signal, &action, nullptr);
}

// By _exit() and its like no exit function runs. A child of vfork(), which has our memory, calls it
// too.
void on_quick_end(int status) noexcept {
  if (recorder_at_end && getpid() == process)
    recorder_at_end->finish_in_emergency({false, status & 0xFF, {}});
}

[[noreturn]] void end_by(const char* name, int status) noexcept {
  on_quick_end(status);
  if (auto* const next = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, name))) next(status);
  syscall(SYS_exit_group, status);
  __builtin_unreachable();
}

void on_process_exit(int status, void*) { recorder_at_end->finish({false, status & 0xFF, {}}); }

}  // namespace

void record_process_end(trace::Recorder& recorder) {
  recorder_at_end = &recorder;
  process = getpid();
  stack_base = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  previous_terminate = std::set_terminate(&on_terminate);
#if defined(__GLIBC__)
  on_exit(&on_process_exit, nullptr);
#else
  std::atexit([] { on_process_exit(0, nullptr); });
#endif
  // A stack of its own, for one of the signals says that there is no stack left.
  static char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction crash{};
  crash.sa_sigaction = &on_signal;
  crash.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
  for (const int signal : kCrashes) handle(signal, crash);
  struct sigaction interrupt{};
  interrupt.sa_handler = &on_interrupt_action;
  interrupt.sa_flags = SA_ONSTACK;
  for (const int signal : kInterrupts) handle(signal, interrupt);
  set_interrupt_action_that_ends(&on_interrupt_action);
}

}  // namespace asyncio::program

// Defined here so that the linker takes these; weak, for a program may have such functions.
extern "C" {
[[gnu::weak]] void _exit(int status) { asyncio::program::end_by("_exit", status); }
[[gnu::weak]] void _Exit(int status) noexcept { asyncio::program::end_by("_Exit", status); }
[[gnu::weak]] void quick_exit(int status) noexcept {
  asyncio::program::end_by("quick_exit", status);
}
}

namespace asyncio::program {

std::string program_path() {
#if defined(__GLIBC__)
  return program_invocation_name;
#else
  return "program";
#endif
}

std::string platform_name() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  std::string text = name.sysname;
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text + "-" + name.machine;
}

}  // namespace asyncio::program
