// What was written where nothing may be allocated and no mutex be locked.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

#include "trace/jsonl_writer.hpp"

namespace asyncio::trace {

// Texts in the order in which they came, until somebody takes them. Any thread may add one, in a
// signal handler too.
class PostedOutput {
 public:
  // False, and nothing is added, where there is no room.
  bool add(Stream stream, std::string_view text) noexcept;
  bool empty() const noexcept { return used_.load(std::memory_order_relaxed) == 0; }
  // Calls `take` for each, and forgets them. Who adds one meanwhile waits.
  void take_all(void (*take)(void* to, Stream stream, std::string_view text), void* to);

 private:
  class Held;

  std::array<char, 64 * 1024> room_;
  std::atomic<std::size_t> used_ = 0;
  std::atomic_flag held_;
};

}  // namespace asyncio::trace
