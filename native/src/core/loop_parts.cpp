#include <algorithm>

#include <asyncio/detail/loop_parts.hpp>

namespace asyncio::detail {

void TimerHeap::push(HandleNode* node) {
  entries_.push_back({node->when, node->id, node});
  std::push_heap(entries_.begin(), entries_.end(), later);
}

HandleNode* TimerHeap::pop() noexcept {
  std::pop_heap(entries_.begin(), entries_.end(), later);
  HandleNode* node = entries_.back().node;
  entries_.pop_back();
  return node;
}

std::vector<HandleNode*> TimerHeap::take_cancelled() {
  const auto dead = std::partition(entries_.begin(), entries_.end(),
                                   [](const Entry& entry) { return !entry.node->cancelled; });
  std::sort(dead, entries_.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
  std::vector<HandleNode*> taken;
  taken.reserve(static_cast<std::size_t>(entries_.end() - dead));
  for (auto entry = dead; entry != entries_.end(); ++entry) taken.push_back(entry->node);
  entries_.erase(dead, entries_.end());
  std::make_heap(entries_.begin(), entries_.end(), later);
  cancelled_ = 0;
  return taken;
}

void Inbox::push(HandleNode* node) {
  const std::lock_guard lock(mutex_);
  nodes_.push_back(node);
  filled_.store(true, std::memory_order_release);
}

std::vector<HandleNode*> Inbox::take() {
  const std::lock_guard lock(mutex_);
  filled_.store(false, std::memory_order_relaxed);
  return std::exchange(nodes_, {});
}

}  // namespace asyncio::detail
