// Numbers for handles, tasks and futures: never addresses.
#pragma once

#include <cstdint>

namespace asyncio::detail {

// Counts from 1 in the first thread that asks, and from a range of its own in each further one,
// without locks. Loops that run one after another in a thread go on counting, so a number means one
// thing in a whole trace.
class IdSource {
 public:
  std::uint64_t handle() noexcept { return ++handle_; }
  std::uint64_t task() noexcept { return ++task_; }
  std::uint64_t future() noexcept { return ++future_; }

  static IdSource& of_this_thread() noexcept;

 private:
  explicit IdSource(std::uint64_t first) noexcept : handle_(first), task_(first), future_(first) {}
  std::uint64_t handle_, task_, future_;
};

}  // namespace asyncio::detail
