// Conditions.
#pragma once

#include <concepts>

#include <asyncio/lock.hpp>

namespace asyncio {

namespace detail {

class ConditionState final : public Shared {
 public:
  ConditionState(Ref<LockState> lock, const std::source_location& loc)
      : Shared("condition", loc), lock_(std::move(lock)) {
    note("created");
  }
  // `op`, `lock_op`: what the trace says of who waits for it, and for its lock.
  ConditionState(Resource::PartOf whole, std::string_view op, std::string_view lock_op)
      : Shared(whole), lock_(new LockState(whole, lock_op)), op_(op) {}

  const Ref<LockState>& lock() const noexcept { return lock_; }
  // `self`: whoever waits keeps it.
  Coro<bool> wait(Ref<ConditionState> self);
  // Throws RuntimeError "cannot notify on un-acquired lock".
  void notify(std::size_t most);
  void wake(std::size_t most) { waiters_.wake(most); }
  std::size_t waiters() const noexcept { return waiters_.size(); }
  std::string text() const override;

 private:
  ResourceNow now() const override;

  Ref<LockState> lock_;
  WaiterLine waiters_;
  std::string_view op_ = "notification";
};

}  // namespace detail

// A lock, and a place to wait, having it, for something that whoever has it after changes. A
// handle: copies are the same condition. Bound to a loop as a Lock is.
// asyncio: Condition
class Condition {
 public:
  explicit Condition(std::source_location loc = std::source_location::current())
      : Condition(Lock(loc), loc) {}
  // Several conditions may share a lock.
  explicit Condition(const Lock& lock, std::source_location loc = std::source_location::current())
      : state_(new detail::ConditionState(lock.shared(), loc)) {}

  // Of its lock.
  Coro<bool> acquire() const { return lock().acquire(state_->lock()); }
  void release() const { lock().give_back(); }
  bool locked() const noexcept { return lock().locked(); }
  // `async with condition:`, see Held.
  Coro<Held> scoped() const { return detail::acquire_scoped(state_->lock()); }

  // Releases the lock, waits for a notification, and takes the lock again, also when it is
  // cancelled; then true, or CancelledError. May return without a notification of one's own: look
  // again at what you wait for, as wait_for() does. A notification that reaches a waiter which is
  // cancelled is passed on. Throws RuntimeError "cannot wait on un-acquired lock".
  Coro<bool> wait() const { return state_->wait(state_); }
  // Waits until `predicate()`, asked with the lock held, is true; gives what it gave.
  template <std::invocable P>
  Coro<std::decay_t<std::invoke_result_t<P&>>> wait_for(P predicate) const {
    return wait_until_true(*this, std::move(predicate));
  }
  // Wakes up to `n` who wait, in the order in which they came: they go on when they have the lock.
  // Throws RuntimeError "cannot notify on un-acquired lock".
  void notify(std::size_t n = 1) const { state_->notify(n); }
  void notify_all() const { state_->notify(state_->waiters()); }

  // "<Condition 2 [unlocked, waiters:2]>". Python: repr()
  friend std::string to_string(const Condition& condition) { return condition.state_->text(); }
  friend bool operator==(const Condition&, const Condition&) = default;

 private:
  detail::LockState& lock() const noexcept { return *state_->lock(); }
  template <class P>
  static Coro<std::decay_t<std::invoke_result_t<P&>>> wait_until_true(Condition self, P predicate) {
    for (;;) {
      auto result = predicate();
      if (result) co_return result;
      co_await self.wait();
    }
  }

  detail::Ref<detail::ConditionState> state_;
};

}  // namespace asyncio
