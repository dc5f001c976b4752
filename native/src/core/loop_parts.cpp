#include <algorithm>

#include <asyncio/detail/loop_parts.hpp>

namespace asyncio::detail {

namespace {
// Fewer levels than with two, and children share cache lines.
constexpr std::size_t kChildren = 4;
}  // namespace

// Not std::push_heap and its kin: they leave the order within the heap, and so that of
// take_cancelled(), to each library.

void TimerHeap::push(HandleNode* node) {
  entries_.push_back({node->when, node->id, node});
  sift_up(entries_.size() - 1);
}

HandleNode* TimerHeap::pop() noexcept {
  HandleNode* node = entries_.front().node;
  entries_.front() = entries_.back();
  entries_.pop_back();
  if (!entries_.empty()) sift_down(0);
  return node;
}

std::vector<HandleNode*> TimerHeap::take_cancelled() {
  std::vector<HandleNode*> taken;
  taken.reserve(cancelled_);
  std::size_t kept = 0;
  for (const Entry& entry : entries_) {
    if (entry.node->cancelled) {
      taken.push_back(entry.node);
    } else {
      entries_[kept++] = entry;
    }
  }
  entries_.resize(kept);
  for (std::size_t index = kept; index-- > 0;) sift_down(index);
  cancelled_ = 0;
  return taken;
}

void TimerHeap::sift_up(std::size_t index) noexcept {
  const Entry entry = entries_[index];
  while (index > 0) {
    const std::size_t parent = (index - 1) / kChildren;
    if (!later(entries_[parent], entry)) break;
    entries_[index] = entries_[parent];
    index = parent;
  }
  entries_[index] = entry;
}

void TimerHeap::sift_down(std::size_t index) noexcept {
  const Entry entry = entries_[index];
  for (;;) {
    const std::size_t first = index * kChildren + 1;
    const std::size_t end = std::min(first + kChildren, entries_.size());
    if (first >= end) break;
    std::size_t earliest = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (later(entries_[earliest], entries_[child])) earliest = child;
    }
    if (!later(entry, entries_[earliest])) break;
    entries_[index] = entries_[earliest];
    index = earliest;
  }
  entries_[index] = entry;
}

}  // namespace asyncio::detail
