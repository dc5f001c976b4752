// CPython's threads wait for the interpreter a few milliseconds at a time, until a time that they
// have from the process's clock. Where that is virtual, the time is long over for the system: they
// would spin, and ask the clock until it lets time pass, at other moments in each run.
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include "backends/bell.hpp"
#include "program/settings.hpp"
#include "program/virtual_timespec.hpp"

namespace {

using Wait = int(pthread_cond_t*, pthread_mutex_t*, const timespec*);

Wait* original() noexcept {
  // The first version of that name has another pthread_cond_t.
  void* found = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (!found) found = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  return reinterpret_cast<Wait*>(found);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int pthread_cond_timedwait(
    pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  using namespace asyncio::program;
  static Wait* const next = original();
  const asyncio::Duration end = to_duration(*until);
  // Those of the interpreter are by the monotonic clock. Times of the calendar are larger.
  if (end >= kCalendarBegin || backend() != "virtual") return next(condition, mutex, until);
  const timespec real = to_timespec(asyncio::really_now() + (end - virtual_now(CLOCK_MONOTONIC)));
  return next(condition, mutex, &real);
}
