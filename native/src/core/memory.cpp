#include <array>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include <asyncio/detail/memory.hpp>

// Sanitizers must see every block come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOOPSCOPE_POOLED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOOPSCOPE_POOLED 0
#endif
#endif
#ifndef LOOPSCOPE_POOLED
#define LOOPSCOPE_POOLED 1
#endif

namespace asyncio::detail {

#if LOOPSCOPE_POOLED
namespace {

constexpr std::size_t kGrain = 32;        // sizes are rounded up to this
constexpr std::size_t kClasses = 32;      // larger blocks come from operator new
constexpr std::size_t kSlab = 64 * 1024;  // what is taken from operator new at a time
constexpr std::size_t kAlign = 2 * sizeof(void*);

struct Block {
  Block* next;
};

// The free lists of a thread that ended, and all slabs: a block may outlive the thread that made
// it, so a slab is never given back. Leaked on purpose: blocks are freed by destructors of static
// objects too.
struct Shared {
  std::mutex mutex;
  std::vector<std::unique_ptr<std::byte[]>> slabs;
  std::array<Block*, kClasses> orphans{};
};
Shared& shared() {
  static Shared& instance = *new Shared;
  return instance;
}

constinit thread_local std::array<Block*, kClasses> free_lists{};

// At the end of a thread its free blocks become anybody's.
struct ThreadEnd {
  ~ThreadEnd() {
    const std::lock_guard lock(shared().mutex);
    for (std::size_t index = 0; index < kClasses; ++index) {
      while (Block* block = free_lists[index]) {
        free_lists[index] = block->next;
        block->next = shared().orphans[index];
        shared().orphans[index] = block;
      }
    }
  }
};

[[gnu::noinline]] void* refill(std::size_t index) {
  static thread_local const ThreadEnd at_thread_end;
  static_cast<void>(at_thread_end);
  const std::size_t size = (index + 1) * kGrain;
  const std::lock_guard lock(shared().mutex);
  if (Block* orphans = std::exchange(shared().orphans[index], nullptr)) {
    free_lists[index] = orphans->next;
    return orphans;
  }
  // Aligned as operator new aligns; in address order, so that neighbours in time are neighbours in
  // memory.
  std::byte* slab =
      shared().slabs.emplace_back(std::make_unique_for_overwrite<std::byte[]>(kSlab)).get();
  const std::size_t count = kSlab / size;
  Block* list = nullptr;
  for (std::size_t block = count; --block > 0;) list = new (slab + block * size) Block{list};
  free_lists[index] = list;
  return slab;
}

}  // namespace

void* allocate(std::size_t size) {
  static_assert(kGrain % kAlign == 0);
  const std::size_t index = (size - 1) / kGrain;
  if (index >= kClasses) return ::operator new(size);
  Block* block = free_lists[index];
  if (!block) [[unlikely]]
    return refill(index);
  free_lists[index] = block->next;
  return block;
}

void deallocate(void* block, std::size_t size) noexcept {
  const std::size_t index = (size - 1) / kGrain;
  if (index >= kClasses) return ::operator delete(block, size);
  free_lists[index] = new (block) Block{free_lists[index]};
}

#else

void* allocate(std::size_t size) { return ::operator new(size); }
void deallocate(void* block, std::size_t size) noexcept { ::operator delete(block, size); }

#endif

}  // namespace asyncio::detail
