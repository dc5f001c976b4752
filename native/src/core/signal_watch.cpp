#include "core/signal_watch.hpp"

namespace asyncio::detail {

SignalWatch::~SignalWatch() {
  for (const auto& [signal, node] : handlers_) release_signal(signal);
}

// In the signal handler: nothing here may lock or allocate.
void SignalWatch::arrived(void* watch, int signal) noexcept {
  SignalWatch& self = *static_cast<SignalWatch*>(watch);
  self.came_[static_cast<std::size_t>(signal)].store(true, std::memory_order_relaxed);
  self.loop_.attention_.set(Attention::signals);
  self.loop_.backend_.poller->wake();
}

void SignalWatch::add(int signal, Ref<HandleNode> node) {
  check_signal(signal);
  const auto known = handlers_.find(signal);
  if (known != handlers_.end()) {
    std::exchange(known->second, std::move(node))->cancel();
    return;
  }
  catch_signal(signal, &arrived, this);
  handlers_.emplace(signal, std::move(node));
}

bool SignalWatch::remove(int signal) {
  const auto known = handlers_.find(signal);
  if (known == handlers_.end()) return false;
  release_signal(signal);
  came_[static_cast<std::size_t>(signal)] = false;
  known->second->cancel();
  handlers_.erase(known);
  return true;
}

std::vector<Ref<HandleNode>> SignalWatch::take() {
  std::vector<Ref<HandleNode>> taken;
  for (const auto& [signal, node] : handlers_) {
    if (came_[static_cast<std::size_t>(signal)].exchange(false)) taken.push_back(node);
  }
  return taken;
}

}  // namespace asyncio::detail
