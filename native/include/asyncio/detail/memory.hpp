// Memory for what a loop makes by the million: handles, futures, coroutine frames.
#pragma once

#include <cstddef>
#include <new>

namespace asyncio::detail {

// Blocks are kept by size, in steps of `kBlockGrain`; larger ones than the last class are not kept.
inline constexpr std::size_t kBlockGrain = 32;
inline constexpr std::size_t kBlockClasses = 32;
struct FreeBlock {
  FreeBlock* next;
};
// This thread's. Empty for good when `blocks_are_watched`.
extern constinit thread_local FreeBlock* free_blocks[kBlockClasses];
// The library was built to have every block seen (by a sanitizer, or counted): no short cuts.
extern const bool blocks_are_watched;

void* allocate_slowly(std::size_t size);
void deallocate_slowly(void* block, std::size_t size) noexcept;

// A block of at least `size` bytes, from a free list of this thread: aligned for any type of that
// size, over-aligned ones, too.
// Throws std::bad_alloc.
inline void* allocate(std::size_t size) {
  const std::size_t index = (size - 1) / kBlockGrain;
  if (index < kBlockClasses) {
    if (FreeBlock* block = free_blocks[index]) [[likely]] {
      free_blocks[index] = block->next;
      return block;
    }
  }
  return allocate_slowly(size);
}

// Gives it back, on any thread; `size` as asked for.
inline void deallocate(void* block, std::size_t size) noexcept {
  const std::size_t index = (size - 1) / kBlockGrain;
  if (index < kBlockClasses && !blocks_are_watched) [[likely]] {
    free_blocks[index] = new (block) FreeBlock{free_blocks[index]};
  } else {
    deallocate_slowly(block, size);
  }
}

// Gives back what was made in another thread, which will want it again.
void give_back(void* block, std::size_t size) noexcept;

// How many blocks all threads have out, so that tests can tell what was left behind. Only builds
// without NDEBUG count; others say 0.
std::size_t live_blocks() noexcept;

// Base for classes that live in such blocks.
struct Pooled {
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* block, std::size_t size) noexcept { deallocate(block, size); }
};
// For those that one thread makes for another to let go of: without going back, the memory of the
// one would become that of the other, for ever.
struct PooledForOthers {
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* block, std::size_t size) noexcept { give_back(block, size); }
};

}  // namespace asyncio::detail
