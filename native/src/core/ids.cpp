#include "core/ids.hpp"

#include <atomic>

namespace asyncio::detail {

IdSource& IdSource::of_this_thread() noexcept {
  static std::atomic<std::uint64_t> threads{0};
  thread_local IdSource source(threads.fetch_add(1, std::memory_order_relaxed) << 32);
  return source;
}

}  // namespace asyncio::detail
