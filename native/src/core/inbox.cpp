#include <asyncio/detail/inbox.hpp>
#include <asyncio/event_loop.hpp>

namespace asyncio::detail {

// Under the lock, so that the loop cannot end meanwhile.
void Inbox::wake_loop() {
  loop_->attention_.set(Attention::outside);
  loop_->backend_.poller->wake();
}

void Inbox::post(Ref<HandleNode> node, trace::Cause by) {
  const std::lock_guard lock(mutex_);
  letters_.push_back({node.get(), by});
  node.detach();
  wake_loop();
}

void Inbox::post(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  const auto found = left_.find(ticket);
  if (found == left_.end() || loop_->is_closed()) return;
  letters_.push_back({found->second, {}});
  left_.erase(found);
  wake_loop();
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

std::vector<Inbox::Letter> Inbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(letters_, {});
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
