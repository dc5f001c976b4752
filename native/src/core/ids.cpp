#include <atomic>
#include <utility>

#include <asyncio/detail/ids.hpp>

namespace asyncio::detail {

constinit thread_local IdSource id_source;

void IdSource::begin() noexcept {
  static constinit std::atomic<std::uint64_t> threads{0};
  if (std::exchange(begun_, true)) return;
  const std::uint64_t range = threads.fetch_add(1, std::memory_order_relaxed) << 32;
  handle_ += range;
  task_ += range;
  future_ += range;
  resource_ += range;
}

}  // namespace asyncio::detail
