// The C and C++ libraries' sources of random bytes, defined here so that the linker takes these:
// with a seed they speak for it, otherwise they pass the call on. Weak: a program may have
// functions of these names.
#include "program/chance.hpp"

#include <dlfcn.h>
#include <sys/random.h>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <random>

namespace asyncio::program {

namespace {

// sfc32 of the PractRand suite: small, and the same in JavaScript.
class ByteStream {
 public:
  void seed(std::uint32_t seed) noexcept {
    a_ = seed;
    for (int round = 0; round < 15; ++round) next_word();
  }
  void fill(void* to, std::size_t size) noexcept {
    while (held_.test_and_set(std::memory_order_acquire)) {
    }
    auto* bytes = static_cast<unsigned char*>(to);
    for (std::size_t at = 0; at < size; ++at) {
      if (left_ == 0) {
        word_ = next_word();
        left_ = 4;
      }
      bytes[at] = static_cast<unsigned char>(word_);
      word_ >>= 8;
      --left_;
    }
    held_.clear(std::memory_order_release);
  }

 private:
  std::uint32_t next_word() noexcept {
    const std::uint32_t result = a_ + b_ + counter_++;
    a_ = b_ ^ (b_ >> 9);
    b_ = c_ + (c_ << 3);
    c_ = std::rotl(c_, 21) + result;
    return result;
  }

  std::uint32_t a_ = 0, b_ = 0x2545F491, c_ = 0x9E3779B9, counter_ = 1;
  std::uint32_t word_ = 0;
  unsigned left_ = 0;  // bytes of `word_`
  std::atomic_flag held_;
};

constinit ByteStream bytes;
constinit std::atomic<bool> is_repeatable{false};

bool repeatable() noexcept { return is_repeatable.load(std::memory_order_relaxed); }

std::uint32_t random_word() noexcept {
  std::uint32_t word = 0;
  bytes.fill(&word, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap32(word);
}

template <class F>
F* original(const char* name) noexcept {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

void make_chance_repeatable(std::uint32_t seed) noexcept {
  bytes.seed(seed);
  is_repeatable.store(true, std::memory_order_relaxed);
}

}  // namespace asyncio::program

using namespace asyncio::program;  // NOLINT: these are the C library's names

#define LOOPSCOPE_INSTEAD extern "C" [[gnu::weak]]

LOOPSCOPE_INSTEAD ssize_t getrandom(void* to, std::size_t size, unsigned flags) {
  static const auto next = original<ssize_t(void*, std::size_t, unsigned)>("getrandom");
  if (!repeatable()) return next(to, size, flags);
  bytes.fill(to, size);
  return static_cast<ssize_t>(size);
}

LOOPSCOPE_INSTEAD int getentropy(void* to, std::size_t size) {
  static const auto next = original<int(void*, std::size_t)>("getentropy");
  constexpr std::size_t kMost = 256;
  if (!repeatable() || size > kMost) return next(to, size);
  bytes.fill(to, size);
  return 0;
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 36)
LOOPSCOPE_INSTEAD std::uint32_t arc4random() noexcept {
  static const auto next = original<std::uint32_t()>("arc4random");
  return repeatable() ? random_word() : next();
}
LOOPSCOPE_INSTEAD void arc4random_buf(void* to, std::size_t size) noexcept {
  static const auto next = original<void(void*, std::size_t)>("arc4random_buf");
  repeatable() ? bytes.fill(to, size) : next(to, size);
}
LOOPSCOPE_INSTEAD std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
  static const auto next = original<std::uint32_t(std::uint32_t)>("arc4random_uniform");
  if (!repeatable()) return next(bound);
  return static_cast<std::uint32_t>((std::uint64_t{random_word()} * bound) >> 32);
}
#endif

// What std::random_device gives, whatever it was made of: libstdc++ asks the processor.
#if defined(__GLIBCXX__)
#define LOOPSCOPE_RANDOM_DEVICE "_ZNSt13random_device9_M_getvalEv"
#else
#define LOOPSCOPE_RANDOM_DEVICE "_ZNSt3__113random_deviceclEv"
#endif
LOOPSCOPE_INSTEAD unsigned loopscope_random_device(void* device) asm(LOOPSCOPE_RANDOM_DEVICE);
unsigned loopscope_random_device(void* device) {
  static const auto next = original<unsigned(void*)>(LOOPSCOPE_RANDOM_DEVICE);
  return repeatable() ? random_word() : next(device);
}
