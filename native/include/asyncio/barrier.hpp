// Barriers.
#pragma once

#include <cstdint>

#include <asyncio/condition.hpp>

namespace asyncio {

// A barrier was aborted, or reset while somebody waited at it. asyncio: BrokenBarrierError
class BrokenBarrierError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

namespace detail {

class BarrierState final : public Shared {
 public:
  // Throws ValueError "parties must be > 0".
  BarrierState(std::int64_t parties, const std::source_location& loc);

  // `self`: whoever waits keeps it.
  Coro<std::int64_t> wait(Ref<BarrierState> self);
  Coro<> reset(Ref<BarrierState> self);
  Coro<> abort(Ref<BarrierState> self);
  std::int64_t parties() const noexcept { return parties_; }
  std::int64_t waiting() const noexcept { return phase_ == Phase::filling ? count_ : 0; }
  bool broken() const noexcept { return phase_ == Phase::broken; }
  std::string text() const override;

 private:
  enum class Phase : unsigned char { filling, draining, resetting, broken };
  // Counts whoever is inside, and tells the rest when the last has left.
  class Inside;

  Coro<> wait_until_open();
  Coro<> wait_until_full();
  void leave();
  std::string_view phase_name() const noexcept;
  ResourceNow now() const override;

  Ref<ConditionState> condition_;
  std::int64_t parties_;
  std::int64_t count_ = 0;
  Phase phase_ = Phase::filling;
};

}  // namespace detail

// Where so many tasks wait for each other. A handle: copies are the same barrier.
//
// The last of them to arrive goes on at once, the others when it has; who comes before all have
// left waits until then. Bound to a loop as a Lock is.
// asyncio: Barrier
class Barrier {
 public:
  // Throws ValueError "parties must be > 0".
  explicit Barrier(std::int64_t parties, std::source_location loc = std::source_location::current())
      : state_(new detail::BarrierState(parties, loc)) {}

  // Waits until all parties have come; the number of those who came before, 0 to parties() - 1.
  // Throws BrokenBarrierError "Barrier aborted", or "Abort or reset of barrier" if that happens
  // while it waits. Also `async with barrier:`, which does nothing at its end.
  Coro<std::int64_t> wait() const { return state_->wait(state_); }
  // Empties it: whoever waits gets BrokenBarrierError, and it can be used again.
  Coro<> reset() const { return state_->reset(state_); }
  // Breaks it until the next reset(): whoever waits, or comes, gets BrokenBarrierError.
  Coro<> abort() const { return state_->abort(state_); }
  std::int64_t parties() const noexcept { return state_->parties(); }
  // How many have come and wait.
  std::int64_t n_waiting() const noexcept { return state_->waiting(); }
  bool broken() const noexcept { return state_->broken(); }

  // "<Barrier 1 [filling, waiters:1/3]>". Python: repr()
  friend std::string to_string(const Barrier& barrier) { return barrier.state_->text(); }
  friend bool operator==(const Barrier&, const Barrier&) = default;

 private:
  detail::Ref<detail::BarrierState> state_;
};

}  // namespace asyncio
