#include "trace/posted_output.hpp"

#include <csignal>
#include <cstdint>
#include <cstring>

namespace asyncio::trace {

namespace {

// Before each text.
struct Head {
  Stream stream;
  std::uint32_t size;
};

}  // namespace

// Alone with the texts. No signal comes meanwhile: its handler might wait for the one it
// interrupted.
class PostedOutput::Held {
 public:
  explicit Held(PostedOutput& posted) noexcept : posted_(posted) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before_);
    while (posted_.held_.test_and_set(std::memory_order_acquire)) {
    }
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    posted_.held_.clear(std::memory_order_release);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  PostedOutput& posted_;
  sigset_t before_{};
};

bool PostedOutput::add(Stream stream, std::string_view text) noexcept {
  const Held held(*this);
  const std::size_t used = used_.load(std::memory_order_relaxed);
  const Head head{stream, static_cast<std::uint32_t>(text.size())};
  if (text.size() > room_.size() || room_.size() - used < sizeof head + text.size()) return false;
  std::memcpy(room_.data() + used, &head, sizeof head);
  std::memcpy(room_.data() + used + sizeof head, text.data(), text.size());
  used_.store(used + sizeof head + text.size(), std::memory_order_relaxed);
  return true;
}

void PostedOutput::take_all(void (*take)(void* to, Stream stream, std::string_view text),
                            void* to) {
  if (empty()) return;
  const Held held(*this);
  const std::size_t used = used_.load(std::memory_order_relaxed);
  Head head{};
  for (std::size_t at = 0; at < used; at += head.size) {
    std::memcpy(&head, room_.data() + at, sizeof head);
    at += sizeof head;
    take(to, head.stream, {room_.data() + at, head.size});
  }
  used_.store(0, std::memory_order_relaxed);
}

}  // namespace asyncio::trace
