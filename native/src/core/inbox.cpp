#include <asyncio/detail/inbox.hpp>
#include <asyncio/event_loop.hpp>

namespace asyncio::detail {

// A post pushes, then asks whether the loop was told; the loop takes that back, then takes what was
// pushed. In the one order that all threads see, one of the two finds the other's work. So it is
// with falling asleep and waking.

void Inbox::push(HandleNode* node, trace::Cause by) noexcept {
  node->sender = by.kind;
  node->id = by.id;
  HandleNode* newest = newest_.load(std::memory_order_relaxed);
  do {
    node->next = newest;
  } while (!newest_.compare_exchange_weak(newest, node));
}

// Under the lock, so that the loop cannot end meanwhile.
void Inbox::tell_loop() noexcept {
  told_ = true;
  loop_->attention_.set(Attention::outside);
  if (may_sleep_) loop_->backend_.poller->wake();
}

void Inbox::post(Ref<HandleNode> node, trace::Cause by) {
  push(node.detach(), by);
  if (told_) return;
  const std::lock_guard lock(mutex_);
  tell_loop();
}

void Inbox::post(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  const auto found = left_.find(ticket);
  if (found == left_.end() || loop_->is_closed()) return;
  push(found->second, {});
  left_.erase(found);
  tell_loop();
}

Inbox::Ticket Inbox::leave(Ref<HandleNode> node) {
  const std::lock_guard lock(mutex_);
  left_.emplace(++last_ticket_, node.get());
  node.detach();
  return last_ticket_;
}

void Inbox::take_back(Ticket ticket) {
  Ref<HandleNode> node;  // goes after the lock
  const std::lock_guard lock(mutex_);
  const auto found = left_.find(ticket);
  if (found == left_.end()) return;
  node = Ref<HandleNode>::adopt(found->second);
  left_.erase(found);
}

HandleNode* Inbox::take(Attention& attention) noexcept {
  HandleNode* newest;
  {
    const std::lock_guard lock(mutex_);
    told_ = false;
    attention.set(Attention::outside, false);
    newest = newest_.exchange(nullptr);
  }
  HandleNode* oldest = nullptr;
  while (newest) {
    HandleNode* const before = std::exchange(newest->next, oldest);
    oldest = std::exchange(newest, before);
  }
  return oldest;
}

bool Inbox::may_sleep(bool may) noexcept {
  may_sleep_ = may;
  return told_;
}

void Inbox::close() {
  std::map<Ticket, HandleNode*> left;
  {
    const std::lock_guard lock(mutex_);
    left = std::exchange(left_, {});
    loop_ = nullptr;
  }
  for (const auto& [ticket, node] : left) node->release();
}

}  // namespace asyncio::detail
