#include "core/io_watch.hpp"

#include <system_error>

namespace asyncio::detail {

IoWatch::~IoWatch() {
  for (const auto& [fd, handlers] : watched_) {
    try {
      poller_.watch(fd, Interest::none);
    } catch (const std::system_error&) {
      // It was closed before it was removed: nothing is left to forget.
    }
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
  poller_.watch(fd, left);
  return true;
}

Ref<HandleNode> IoWatch::handler(int fd, Interest one) {
  const auto found = watched_.find(fd);
  return found == watched_.end() ? Ref<HandleNode>() : found->second.of(one);
}

}  // namespace asyncio::detail
