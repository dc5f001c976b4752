#include <asyncio/condition.hpp>

namespace asyncio::detail {

// asyncio: Condition.wait, of 3.13: 3.12 loses the message of a cancellation and the notification
// that came with it.
Coro<bool> ConditionState::wait([[maybe_unused]] Ref<ConditionState> self) {
  if (!lock_->locked()) throw RuntimeError("cannot wait on un-acquired lock");
  const Ref<ResourceFuture> place = new_place(op_);
  lock_->give_back();
  std::exception_ptr error;
  try {
    const Waiter waiter(waiters_, *place);
    co_await Future<>(place);
  } catch (...) {
    error = std::current_exception();
  }
  // Whatever happened, the caller has the lock again.
  for (bool acquired = false; !acquired;) {
    try {
      co_await lock_->acquire(lock_);
      acquired = true;
    } catch (const CancelledError&) {
      error = std::current_exception();
    } catch (...) {
      error = std::current_exception();
      break;
    }
  }
  if (error) {
    waiters_.wake(1);  // it may have been this one that was notified
    std::rethrow_exception(error);
  }
  co_return true;
}

void ConditionState::notify(std::size_t most) {
  if (!lock_->locked()) throw RuntimeError("cannot notify on un-acquired lock");
  note("notified");
  waiters_.wake(most);
}

std::string ConditionState::text() const {
  return text_of("Condition", lock_->locked() ? "locked" : "unlocked", waiters_.size());
}

ResourceNow ConditionState::now() const {
  return {.state = "lock " + std::to_string(lock_->resource().id()) +
                   (lock_->locked() ? " locked" : " unlocked"),
          .waiters = waiters_.size()};
}

}  // namespace asyncio::detail
