#include "core/io_watch.hpp"

#include <system_error>

namespace asyncio::detail {

IoWatch::~IoWatch() {
  for (const auto& [fd, handlers] : watched_) watch_less(fd, Interest::none);
}

void IoWatch::watch_less(int fd, Interest left) noexcept {
  try {
    poller_.watch(fd, left);
  } catch (const std::system_error&) {
    // It was closed before it was removed: nothing is left to forget. Nor is this the place to
    // complain, for it may be a destructor.
  }
}

void IoWatch::add(int fd, Interest one, Ref<HandleNode> node) {
  const auto [at, added] = watched_.try_emplace(fd);
  const Ref<HandleNode> before = std::exchange(at->second.of(one), std::move(node));
  try {
    poller_.watch(fd, at->second.interest());
  } catch (...) {
    at->second.of(one) = before;
    if (added) watched_.erase(at);
    throw;
  }
  if (before) before->cancel();
}

bool IoWatch::remove(int fd, Interest one) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return false;
  const Ref<HandleNode> node = std::exchange(found->second.of(one), {});
  const Interest left = found->second.interest();
  if (left == Interest::none) watched_.erase(found);
  if (!node) return false;
  node->cancel();
  watch_less(fd, left);
  return true;
}

Ref<HandleNode> IoWatch::handler(int fd, Interest one) {
  const auto found = watched_.find(fd);
  return found == watched_.end() ? Ref<HandleNode>() : found->second.of(one);
}

}  // namespace asyncio::detail
