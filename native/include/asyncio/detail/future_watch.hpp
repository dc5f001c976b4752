// Being told of each of many futures when it is done.
#pragma once

#include <vector>

#include <asyncio/detail/future_base.hpp>

namespace asyncio::detail {

using FutureBases = std::vector<Ref<FutureBase>>;

// The callbacks that a wait or a group has at its futures, as a list in the order in which they
// were added. What is done calls watched_done() in a callback, in the turn after.
//
// The futures are not held: whoever is to complete one holds it, and a future that nobody holds any
// more leaves the list.
class FutureWatch {
 public:
  FutureWatch() = default;
  FutureWatch(const FutureWatch&) = delete;
  FutureWatch& operator=(const FutureWatch&) = delete;

  void watch(FutureBase& future);
  // Removes the callbacks. Those that are scheduled already run in their turn, and do nothing.
  void unwatch_all() noexcept;
  bool watches_any() const noexcept { return first_ != nullptr; }
  std::size_t watched_count() const noexcept { return count_; }
  FutureBases watched() const;
  // Cancels those that are not done, in order.
  void cancel_watched();

 protected:
  ~FutureWatch() { unwatch_all(); }

 private:
  class Node;

  virtual void watched_done(FutureBase& future) = 0;
  // On whose behalf, for the call graph, as HandleNode::awaiter().
  virtual FutureBase* watcher([[maybe_unused]] std::size_t index) noexcept { return nullptr; }
  // Each callback holds what it belongs to, if that is counted by references.
  virtual void hold() const noexcept {}
  virtual void let_go() const noexcept {}

  Node* first_ = nullptr;
  Node* last_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace asyncio::detail
