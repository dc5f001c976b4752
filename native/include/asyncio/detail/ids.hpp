// Numbers for handles, tasks, futures and resources: never addresses.
#pragma once

#include <cstdint>

namespace asyncio::detail {

// Counts from 1 in the first thread that asks, and from a range of its own in each further one,
// without locks. Loops that run one after another in a thread go on counting, so a number means one
// thing in a whole trace.
class IdSource {
 public:
  constexpr IdSource() noexcept = default;
  std::uint64_t handle() noexcept { return next(handle_); }
  std::uint64_t task() noexcept { return next(task_); }
  std::uint64_t future() noexcept { return next(future_); }
  std::uint64_t resource() noexcept { return next(resource_); }

 private:
  std::uint64_t next(std::uint64_t& last) noexcept {
    if (++last == 1) [[unlikely]]  // this thread's first, unless its range is known
      begin();
    return last;
  }
  void begin() noexcept;

  std::uint64_t handle_ = 0, task_ = 0, future_ = 0, resource_ = 0;
  bool begun_ = false;
};

// This thread's. Without a constructor that runs, so that reaching it costs no check.
extern constinit thread_local IdSource id_source;

}  // namespace asyncio::detail
