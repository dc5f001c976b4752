// Locks.
#pragma once

#include <asyncio/detail/held.hpp>

namespace asyncio {

namespace detail {

class LockState final : public Acquirable {
 public:
  explicit LockState(const std::source_location& loc) : Acquirable("lock", loc) { note("created"); }
  // `op`: what the trace says of who waits for it.
  LockState(Resource::PartOf whole, std::string_view op) noexcept : Acquirable(whole), op_(op) {}

  Coro<bool> acquire(Ref<Acquirable> self) override;
  void give_back() override;
  bool locked() const noexcept override { return locked_; }
  std::string text() const override;

 private:
  ResourceNow now() const override;

  WaiterLine waiters_;
  std::string_view op_ = "acquire";
  bool locked_ = false;
};

}  // namespace detail

// Only one at a time has it. A handle: copies are the same lock, so a coroutine takes it by value.
//
// First come, first served: release() wakes the one who has waited longest, who goes on in the next
// turn and has it then. Until that turn the lock is free, but nobody who comes in between gets it.
// A waiter that is cancelled passes its turn on.
//
// Bound to the loop in which somebody first waits for it; waiting in another throws RuntimeError
// "<Lock 1 [locked]> is bound to a different event loop".
// asyncio: Lock
class Lock {
 public:
  explicit Lock(std::source_location loc = std::source_location::current())
      : state_(new detail::LockState(loc)) {}

  // Waits until it is free, and takes it; true. A free lock takes no turn.
  Coro<bool> acquire() const { return state_->acquire(state_); }
  // Anybody may release it. Throws RuntimeError "Lock is not acquired."
  void release() const { state_->give_back(); }
  bool locked() const noexcept { return state_->locked(); }
  // `async with lock:`, see Held.
  Coro<Held> scoped() const { return detail::acquire_scoped(state_); }

  // "<Lock 1 [locked, waiters:2]>". Python: repr()
  friend std::string to_string(const Lock& lock) { return lock.state_->text(); }
  friend bool operator==(const Lock&, const Lock&) = default;

  // For the library.
  const detail::Ref<detail::LockState>& shared() const noexcept { return state_; }

 private:
  detail::Ref<detail::LockState> state_;
};

}  // namespace asyncio
