#include <asyncio/lock.hpp>

namespace asyncio::detail {

// asyncio: Lock.acquire
Coro<bool> LockState::acquire([[maybe_unused]] Ref<Acquirable> self) {
  if (locked_ || waiters_.anybody_stays()) {
    try {
      const Ref<ResourceFuture> place = new_place(op_);
      const Waiter waiter(waiters_, *place);
      co_await Future<>(place);
    } catch (const CancelledError&) {
      // It may have been this one's turn: then it is the next one's.
      if (!locked_) waiters_.wake_first();
      throw;
    }
  }
  locked_ = true;
  note("acquired");
  co_return true;
}

void LockState::give_back() {
  if (!locked_) throw RuntimeError("Lock is not acquired.");
  locked_ = false;
  note("released");
  waiters_.wake_first();
}

std::string LockState::text() const {
  return text_of("Lock", locked_ ? "locked" : "unlocked", waiters_.size());
}

ResourceNow LockState::now() const {
  return {.state = locked_ ? "locked" : "unlocked", .waiters = waiters_.size()};
}

}  // namespace asyncio::detail
