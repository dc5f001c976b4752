#include "core/ids.hpp"

#include <atomic>

namespace asyncio::detail {

constinit thread_local IdSource id_source;

void IdSource::start() noexcept {
  static constinit std::atomic<std::uint64_t> threads{0};
  started_ = true;
  handle_ = task_ = future_ = threads.fetch_add(1, std::memory_order_relaxed) << 32;
}

}  // namespace asyncio::detail
