#include <asyncio/barrier.hpp>

namespace asyncio::detail {

class BarrierState::Inside {
 public:
  explicit Inside(BarrierState& barrier) noexcept : barrier_(barrier) { ++barrier_.count_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    --barrier_.count_;
    try {
      barrier_.leave();
    } catch (...) {  // the loop is closed: nobody is left to wake
    }
  }

 private:
  BarrierState& barrier_;
};

BarrierState::BarrierState(std::int64_t parties, const std::source_location& loc)
    : Shared("barrier", loc),
      condition_(new ConditionState(Resource::PartOf{resource_}, "wait", "enter")),
      parties_(parties) {
  if (parties < 1) throw ValueError("parties must be > 0");
  note("created");
}

// asyncio: Barrier.wait
Coro<std::int64_t> BarrierState::wait([[maybe_unused]] Ref<BarrierState> self) {
  const Held held = co_await acquire_scoped(condition_->lock());
  co_await wait_until_open();
  const std::int64_t index = count_;
  const Inside inside(*this);
  note("arrived");
  if (index + 1 == parties_) {
    phase_ = Phase::draining;
    note("opened");
    condition_->notify(condition_->waiters());
  } else {
    co_await wait_until_full();
  }
  co_return index;
}

// asyncio: Barrier._block
Coro<> BarrierState::wait_until_open() {
  while (phase_ == Phase::draining || phase_ == Phase::resetting)
    co_await condition_->wait(condition_);
  if (phase_ == Phase::broken) throw BrokenBarrierError("Barrier aborted");
}

// asyncio: Barrier._wait
Coro<> BarrierState::wait_until_full() {
  while (phase_ == Phase::filling) co_await condition_->wait(condition_);
  if (phase_ == Phase::broken || phase_ == Phase::resetting)
    throw BrokenBarrierError("Abort or reset of barrier");
}

// asyncio: Barrier._exit
void BarrierState::leave() {
  if (count_ == 0 && (phase_ == Phase::resetting || phase_ == Phase::draining))
    phase_ = Phase::filling;
  note("left");
  // Not notify(): a frame that ends with its loop does not hold the lock.
  if (count_ == 0) condition_->wake(condition_->waiters());
}

Coro<> BarrierState::reset([[maybe_unused]] Ref<BarrierState> self) {
  const Held held = co_await acquire_scoped(condition_->lock());
  phase_ = count_ > 0 ? Phase::resetting : Phase::filling;
  note("reset");
  condition_->notify(condition_->waiters());
}

Coro<> BarrierState::abort([[maybe_unused]] Ref<BarrierState> self) {
  const Held held = co_await acquire_scoped(condition_->lock());
  phase_ = Phase::broken;
  note("aborted");
  condition_->notify(condition_->waiters());
}

std::string_view BarrierState::phase_name() const noexcept {
  constexpr std::string_view kNames[] = {"filling", "draining", "resetting", "broken"};
  return kNames[static_cast<std::size_t>(phase_)];
}

std::string BarrierState::text() const {
  std::string what(phase_name());
  if (!broken()) what += ", waiters:" + std::to_string(waiting()) + "/" + std::to_string(parties_);
  return text_of("Barrier", what, 0);
}

ResourceNow BarrierState::now() const {
  std::string state(phase_name());
  if (phase_ != Phase::broken)
    state += ", " + std::to_string(count_) + " of " + std::to_string(parties_);
  return {.state = std::move(state),
          .value = count_,
          .limit = parties_,
          .waiters = condition_->waiters()};
}

}  // namespace asyncio::detail
