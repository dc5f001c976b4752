// Memory for what a loop makes by the million: handles, futures, coroutine frames.
#pragma once

#include <cstddef>

namespace asyncio::detail {

// A block of at least `size` bytes, aligned for any ordinary type, from a free list of this thread.
// Throws std::bad_alloc.
void* allocate(std::size_t size);
// Gives it back, on any thread; `size` as asked for.
void deallocate(void* block, std::size_t size) noexcept;

// Base for classes that live in such blocks.
struct Pooled {
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* block, std::size_t size) noexcept { deallocate(block, size); }
};

}  // namespace asyncio::detail
