// The C library's clock and sleep, defined here so that the linker takes these: clock_gettime() and
// clock_nanosleep() are weak there, and what the C library's own nanosleep(), sleep() ... call is
// wrapped (see CMakeLists.txt). native/src/program/virtual_process_time.cpp is the same for Linux.
#include "runner/virtual_sleep.hpp"

#include <sys/time.h>
#include <time.h>

#include <cerrno>
#include <chrono>

#include <emscripten/threading.h>

#include "program/settings.hpp"
#include "program/virtual_timespec.hpp"

namespace loopscope {

namespace {

using asyncio::Duration;
using asyncio::VirtualTime;

bool time_is_virtual = false;

void sleep_for(Duration duration) {
  if (time_is_virtual) {
    // What was printed before belongs to the time before.
    if (asyncio::trace::Recorder* recorder = asyncio::program::recorder()) recorder->end_lines();
    VirtualTime::of_process()->advance(duration);
  } else if (duration > Duration::zero()) {
    // What was traced before is seen while the program blocks.
    if (asyncio::trace::Recorder* recorder = asyncio::program::recorder()) recorder->flush();
    emscripten_thread_sleep(std::chrono::duration<double, std::milli>(duration).count());
  }
}

}  // namespace

void make_process_time_virtual() noexcept { time_is_virtual = true; }

}  // namespace loopscope

using namespace loopscope;         // NOLINT: these are the C library's names
using namespace asyncio::program;  // NOLINT

extern "C" {

int __clock_gettime(clockid_t clock, timespec* time);  // musl's own

int clock_gettime(clockid_t clock, timespec* time) {
  if (!time_is_virtual || !is_wall_clock(clock)) return __clock_gettime(clock, time);
  *time = ask(clock);
  return 0;
}

int gettimeofday(timeval* time, void*) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, static_cast<suseconds_t>(now.tv_nsec / 1000)};
  return 0;
}

int __wrap___clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec*) {
  if (time->tv_nsec < 0 || time->tv_nsec > 999999999 || time->tv_sec < 0) return EINVAL;
  Duration duration = to_duration(*time);
  if (flags & TIMER_ABSTIME) {
    timespec now{};
    clock_gettime(clock, &now);
    duration -= to_duration(now);
  }
  sleep_for(duration);
  return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  return __wrap___clock_nanosleep(clock, flags, time, left);
}
}
