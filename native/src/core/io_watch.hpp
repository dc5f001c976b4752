// The descriptors that a loop watches, and who is called when they are ready.
#pragma once

#include <map>

#include <asyncio/detail/ref.hpp>
#include <asyncio/handle.hpp>
#include <asyncio/poller.hpp>

namespace asyncio::detail {

// asyncio: the selector's map of BaseSelectorEventLoop
class IoWatch {
 public:
  explicit IoWatch(Poller& poller) noexcept : poller_(poller) {}
  IoWatch(const IoWatch&) = delete;
  IoWatch& operator=(const IoWatch&) = delete;
  ~IoWatch();

  // In the place of another one, which is cancelled. Throws std::system_error.
  void add(int fd, Interest one, Ref<HandleNode> node);
  // Whether there was one.
  bool remove(int fd, Interest one);
  // Whom to call; null when nobody waits any more.
  Ref<HandleNode> handler(int fd, Interest one);

 private:
  struct Handlers {
    Ref<HandleNode> reader, writer;
    Ref<HandleNode>& of(Interest one) { return one == Interest::read ? reader : writer; }
    Interest interest() const {
      return static_cast<Interest>((reader ? 1U : 0U) | (writer ? 2U : 0U));
    }
  };
  void watch_less(int fd, Interest left) noexcept;
  Poller& poller_;
  std::map<int, Handlers> watched_;
};

}  // namespace asyncio::detail
