// The C library's clock and sleep functions, defined here so that the linker takes these: while
// time is virtual they speak for the virtual clock, otherwise they pass the call on.
#include "program/virtual_process_time.hpp"

#include <dlfcn.h>
#include <semaphore.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "program/settings.hpp"
#include "program/virtual_timespec.hpp"

namespace asyncio::program {

namespace {

constinit std::atomic<bool> time_is_virtual{false};

bool is_virtual() noexcept { return time_is_virtual.load(std::memory_order_relaxed); }

// The C library's own function of that name.
template <class F>
F* original(const char* name) noexcept {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

// False when a signal came first.
bool pass(Duration duration) {
  // What was printed before belongs to the time before.
  if (trace::Recorder* to = recorder()) to->end_lines();
  return VirtualTime::of_process()->sleep(duration);
}

// When `until`, a time of the virtual clock, comes if real time passes until then.
timespec really(clockid_t clock, const timespec& until) noexcept {
  static const auto next = original<int(clockid_t, timespec*)>("clock_gettime");
  timespec now{};
  next(clock, &now);
  return to_timespec(to_duration(now) + (to_duration(until) - virtual_now(clock)));
}

}  // namespace

void make_process_time_virtual() noexcept {
  time_is_virtual.store(true, std::memory_order_relaxed);
}

}  // namespace asyncio::program

using namespace asyncio::program;  // NOLINT: these are the C library's names

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (is_virtual() && is_wall_clock(clock)) {
    *time = ask(clock);
    return 0;
  }
  static const auto next = original<int(clockid_t, timespec*)>("clock_gettime");
  return next(clock, time);
}

int gettimeofday(timeval* time, void* zone) noexcept {
  if (is_virtual()) {
    const timespec now = ask(CLOCK_REALTIME);
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
  }
  static const auto next = original<int(timeval*, void*)>("gettimeofday");
  return next(time, zone);
}

time_t time(time_t* to) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(timespec* to, int base) noexcept {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, to) == 0 ? base : 0;
}

int nanosleep(const timespec* duration, timespec* left) {
  if (is_virtual()) {
    const int error = clock_nanosleep(CLOCK_MONOTONIC, 0, duration, left);
    if (error == 0) return 0;
    errno = error;
    return -1;
  }
  static const auto next = original<int(const timespec*, timespec*)>("nanosleep");
  return next(duration, left);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  if (is_virtual() && is_wall_clock(clock)) {
    const bool absolute = flags & TIMER_ABSTIME;
    const asyncio::Duration end =
        to_duration(*time) + (absolute ? asyncio::Duration{0} : virtual_now(clock));
    if (pass(end - virtual_now(clock))) return 0;
    if (left && !absolute) *left = to_timespec(end - virtual_now(clock));
    return EINTR;
  }
  static const auto next =
      original<int(clockid_t, int, const timespec*, timespec*)>("clock_nanosleep");
  return next(clock, flags, time, left);
}

// A thread waits for another that the loop knows nothing of, so long at most: real time passes.
int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  static const auto next = original<int(sem_t*, clockid_t, const timespec*)>("sem_clockwait");
  if (!is_virtual() || !is_wall_clock(clock)) return next(semaphore, clock, until);
  const timespec real = really(clock, *until);
  return next(semaphore, clock, &real);
}

int sem_timedwait(sem_t* semaphore, const timespec* until) {
  static const auto next = original<int(sem_t*, const timespec*)>("sem_timedwait");
  if (!is_virtual()) return next(semaphore, until);
  const timespec real = really(CLOCK_REALTIME, *until);
  return next(semaphore, &real);
}

unsigned sleep(unsigned seconds) {
  if (is_virtual()) {
    pass(std::chrono::seconds(seconds));
    return 0;
  }
  static const auto next = original<unsigned(unsigned)>("sleep");
  return next(seconds);
}

int usleep(useconds_t microseconds) {
  if (is_virtual()) {
    pass(std::chrono::microseconds(microseconds));
    return 0;
  }
  static const auto next = original<int(useconds_t)>("usleep");
  return next(microseconds);
}

}  // extern "C"
