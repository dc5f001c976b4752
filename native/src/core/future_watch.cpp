#include <asyncio/detail/future_watch.hpp>

namespace asyncio::detail {

// In the list of its watch, and in the future's callbacks or in the ready queue.
class FutureWatch::Node final : public HandleNode, public Pooled {
 public:
  Node(FutureWatch& owner, FutureBase& future) noexcept
      : HandleNode("done_callback", nullptr), future_(future), owner_(&owner) {
    before_ = owner.last_;
    (before_ ? before_->after_ : owner.first_) = this;
    owner.last_ = this;
    ++owner.count_;
    owner.hold();
  }

  void hold_future() noexcept override { held_ = Ref(&future_); }
  void run() override {
    const Ref<FutureBase> future = std::move(held_);
    FutureWatch* const owner = owner_;
    if (!owner) return;
    owner->hold();
    leave();
    struct LetGo {
      FutureWatch& owner;
      ~LetGo() { owner.let_go(); }
    } const let_go{*owner};
    owner->watched_done(*future);
  }
  void discard() noexcept override { leave(); }
  FutureBase* awaiter(std::size_t index) noexcept override {
    return owner_ ? owner_->watcher(index) : nullptr;
  }

  // Out of the list; it will do nothing.
  void leave() noexcept {
    FutureWatch* const owner = std::exchange(owner_, nullptr);
    if (!owner) return;
    (before_ ? before_->after_ : owner->first_) = after_;
    (after_ ? after_->before_ : owner->last_) = before_;
    --owner->count_;
    owner->let_go();
  }
  FutureBase& future() const noexcept { return future_; }
  Node* after() const noexcept { return after_; }

 private:
  void dispose() noexcept override {
    leave();
    delete this;
  }

  FutureBase& future_;
  FutureWatch* owner_;
  Node* before_ = nullptr;
  Node* after_ = nullptr;
  Ref<FutureBase> held_;
};

void FutureWatch::watch(FutureBase& future) {
  future.add_callback(Ref<HandleNode>(new Node(*this, future)).detach());
}

void FutureWatch::unwatch_all() noexcept {
  while (Node* const node = first_) {
    const Ref<HandleNode> keep(node);
    node->leave();
    if (node->place == HandleNode::Place::callbacks) node->future().remove_callback(node);
  }
}

FutureBases FutureWatch::watched() const {
  FutureBases futures;
  futures.reserve(count_);
  for (const Node* node = first_; node; node = node->after()) futures.emplace_back(&node->future());
  return futures;
}

void FutureWatch::cancel_watched() {
  for (const Node *node = first_, *after = nullptr; node; node = after) {
    after = node->after();
    if (!node->future().done()) node->future().cancel({});
  }
}

}  // namespace asyncio::detail
