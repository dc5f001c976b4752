#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <new>
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

// The alignment of a block: the largest power of two that divides its size. A type's size is a
// multiple of its alignment, so over-aligned types and coroutine frames with such locals, whose
// operator new is told no alignment, are where they must be.
constexpr std::size_t alignment_of(std::size_t size) noexcept {
  return std::clamp(size & (~size + 1), std::size_t{__STDCPP_DEFAULT_NEW_ALIGNMENT__}, kSlab);
}
void* new_block(std::size_t size) {
  return ::operator new(size, std::align_val_t{alignment_of(size)});
}
void delete_block(void* block, std::size_t size) noexcept {
  ::operator delete(block, std::align_val_t{alignment_of(size)});
}

// The free blocks of nobody, and all slabs: a block may outlive the thread that made it, so a slab
// is never given back. Leaked on purpose: blocks are freed by destructors of static objects too.
struct Shared {
  std::mutex mutex;
  std::vector<std::byte*> slabs;  // never given back, and never lost sight of
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
  // A slab is aligned for its largest blocks, so each block is for what divides its size.
  const std::lock_guard lock(shared().mutex);
  if (FreeChain* chain = shared().chains[index]) {
    shared().chains[index] = chain->next_chain;
    free_list(index) = chain->next;
    return chain;
  }
  // In address order, so that neighbours in time are neighbours in memory.
  shared().slabs.reserve(shared().slabs.size() + 1);
  std::byte* const slab =
      static_cast<std::byte*>(::operator new(kSlab, std::align_val_t{kBlockGrain * kBlockClasses}));
  shared().slabs.push_back(slab);
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
  if (LOOPSCOPE_SANITIZED || index >= kBlockClasses) return new_block(size);
  FreeBlock*& list = free_list(index);
  if (!list) return refill(index);
  return std::exchange(list, list->next);
}

void deallocate_slowly(void* block, std::size_t size) noexcept {
  if constexpr (kCounted) live.fetch_sub(1, std::memory_order_relaxed);
  const std::size_t index = (size - 1) / kBlockGrain;
  if (LOOPSCOPE_SANITIZED || index >= kBlockClasses) return delete_block(block, size);
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
