// Semaphores.
#pragma once

#include <cstdint>

#include <asyncio/detail/held.hpp>

namespace asyncio {

namespace detail {

class SemaphoreState final : public Acquirable {
 public:
  // Throws ValueError "Semaphore initial value must be >= 0".
  SemaphoreState(std::int64_t value, bool bounded, const std::source_location& loc);

  Coro<bool> acquire(Ref<Acquirable> self) override;
  void give_back() override;
  bool locked() const noexcept override { return value_ == 0 || waiters_.anybody_stays(); }
  std::string text() const override;

 private:
  ResourceNow now() const override;
  bool wake_next();
  void wake_as_many_as_may();

  std::int64_t value_;
  std::int64_t initial_;
  bool bounded_;
  WaiterLine waiters_;
};

}  // namespace detail

// So many at a time have it. A handle: copies are the same semaphore.
//
// A counter that acquire() takes one from, waiting while it is 0, and release() adds one to. First
// come, first served, also when the counter is above 0 and others wait: who comes later waits
// behind them. Bound to a loop as a Lock is.
// asyncio: Semaphore
class Semaphore {
 public:
  // Throws ValueError "Semaphore initial value must be >= 0".
  explicit Semaphore(std::int64_t value = 1,
                     std::source_location loc = std::source_location::current())
      : Semaphore(value, false, loc) {}

  // True when it has one. Takes no turn when the counter is above 0 and nobody waits.
  Coro<bool> acquire() const { return state_->acquire(state_); }
  // Adds one, and wakes the one who has waited longest. Anybody may, also without having acquired.
  void release() const { state_->give_back(); }
  // Whether acquire() would wait.
  bool locked() const noexcept { return state_->locked(); }
  // `async with semaphore:`, see Held.
  Coro<Held> scoped() const { return detail::acquire_scoped(state_); }

  // "<Semaphore 1 [unlocked, value:2]>". Python: repr()
  friend std::string to_string(const Semaphore& semaphore) { return semaphore.state_->text(); }
  friend bool operator==(const Semaphore&, const Semaphore&) = default;

 protected:
  Semaphore(std::int64_t value, bool bounded, const std::source_location& loc)
      : state_(new detail::SemaphoreState(value, bounded, loc)) {}

 private:
  detail::Ref<detail::SemaphoreState> state_;
};

// The same, whose counter never exceeds its first value: release() then throws ValueError
// "BoundedSemaphore released too many times".
// asyncio: BoundedSemaphore
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1,
                            std::source_location loc = std::source_location::current())
      : Semaphore(value, true, loc) {}
};

}  // namespace asyncio
