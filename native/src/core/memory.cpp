#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <asyncio/detail/memory.hpp>

// Sanitizers must see every block come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOOPSCOPE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOOPSCOPE_SANITIZED 1
#endif
#endif
#ifndef LOOPSCOPE_SANITIZED
#define LOOPSCOPE_SANITIZED 0
#endif

namespace asyncio::detail {

#ifdef NDEBUG
constexpr bool kCounted = false;
#else
constexpr bool kCounted = true;
#endif

constinit thread_local FreeBlock* free_blocks[kBlockClasses]{};
const bool blocks_are_watched = kCounted || LOOPSCOPE_SANITIZED;

namespace {

constexpr std::size_t kSlab = 64 * 1024;  // what is taken from operator new at a time

constinit std::atomic<std::size_t> live{0};

// As many free blocks as a thread asks for at a time, or gives back. Its first block knows the next
// chain; a block has room for that.
struct FreeChain : FreeBlock {
  FreeChain* next_chain;
};
static_assert(sizeof(FreeChain) <= kBlockGrain);

// The free blocks of nobody, and all slabs: a block may outlive the thread that made it, so a slab
// is never given back. Leaked on purpose: blocks are freed by destructors of static objects too.
struct Shared {
  std::mutex mutex;
  std::vector<std::unique_ptr<std::byte[]>> slabs;
  std::array<FreeChain*, kBlockClasses> chains{};

  // Under the mutex.
  void add(std::size_t index, FreeBlock* first) noexcept {
    FreeBlock* const second = first->next;
    chains[index] = new (first) FreeChain{{second}, chains[index]};
  }
};
Shared& shared() {
  static Shared& instance = *new Shared;
  return instance;
}

// In place of `free_blocks` where every block is counted.
constinit thread_local FreeBlock* watched_free_blocks[kBlockClasses]{};

FreeBlock*& free_list(std::size_t index) noexcept {
  return kCounted ? watched_free_blocks[index] : free_blocks[index];
}

// What this thread freed for others, until it is as much as they ask for at a time.
struct Bundle {
  FreeBlock* first = nullptr;
  std::size_t bytes = 0;
};
constinit thread_local Bundle bundles[kBlockClasses]{};

// At the end of a thread its free blocks become anybody's.
struct ThreadEnd {
  ~ThreadEnd() {
    const std::lock_guard lock(shared().mutex);
    for (std::size_t index = 0; index < kBlockClasses; ++index) {
      if (FreeBlock* own = std::exchange(free_list(index), nullptr)) shared().add(index, own);
      if (FreeBlock* others = std::exchange(bundles[index], {}).first) shared().add(index, others);
    }
  }
};
void tidy_up_at_thread_end() {
  static thread_local const ThreadEnd at_thread_end;
  static_cast<void>(at_thread_end);
}

void* refill(std::size_t index) {
  tidy_up_at_thread_end();
  const std::size_t size = (index + 1) * kBlockGrain;
  static_assert(kBlockGrain % (2 * sizeof(void*)) == 0, "aligned as operator new aligns");
  const std::lock_guard lock(shared().mutex);
  if (FreeChain* chain = shared().chains[index]) {
    shared().chains[index] = chain->next_chain;
    free_list(index) = chain->next;
    return chain;
  }
  // In address order, so that neighbours in time are neighbours in memory.
  std::byte* slab =
      shared().slabs.emplace_back(std::make_unique_for_overwrite<std::byte[]>(kSlab)).get();
  const std::size_t count = kSlab / size;
  FreeBlock* list = nullptr;
  for (std::size_t block = count; --block > 0;) list = new (slab + block * size) FreeBlock{list};
  free_list(index) = list;
  return slab;
}

}  // namespace

void* allocate_slowly(std::size_t size) {
  if constexpr (kCounted) live.fetch_add(1, std::memory_order_relaxed);
  const std::size_t index = (size - 1) / kBlockGrain;
  if (LOOPSCOPE_SANITIZED || index >= kBlockClasses) return ::operator new(size);
  FreeBlock*& list = free_list(index);
  if (!list) return refill(index);
  return std::exchange(list, list->next);
}

void deallocate_slowly(void* block, std::size_t size) noexcept {
  if constexpr (kCounted) live.fetch_sub(1, std::memory_order_relaxed);
  const std::size_t index = (size - 1) / kBlockGrain;
  if (LOOPSCOPE_SANITIZED || index >= kBlockClasses) return ::operator delete(block, size);
  free_list(index) = new (block) FreeBlock{free_list(index)};
}

void give_back(void* block, std::size_t size) noexcept {
  const std::size_t index = (size - 1) / kBlockGrain;
  if (LOOPSCOPE_SANITIZED || index >= kBlockClasses) return deallocate(block, size);
  if constexpr (kCounted) live.fetch_sub(1, std::memory_order_relaxed);
  Bundle& bundle = bundles[index];
  if (!bundle.first) tidy_up_at_thread_end();
  bundle.first = new (block) FreeBlock{bundle.first};
  bundle.bytes += size;
  if (bundle.bytes < kSlab) return;
  const std::lock_guard lock(shared().mutex);
  shared().add(index, std::exchange(bundle, {}).first);
}

std::size_t live_blocks() noexcept { return live.load(std::memory_order_relaxed); }

}  // namespace asyncio::detail
