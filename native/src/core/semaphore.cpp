#include <asyncio/semaphore.hpp>

namespace asyncio::detail {

SemaphoreState::SemaphoreState(std::int64_t value, bool bounded, const std::source_location& loc)
    : Acquirable("semaphore", loc), value_(value), initial_(value), bounded_(bounded) {
  if (value < 0) throw ValueError("Semaphore initial value must be >= 0");
  note("created");
}

// asyncio: Semaphore.acquire
Coro<bool> SemaphoreState::acquire([[maybe_unused]] Ref<Acquirable> self) {
  if (locked()) {
    const Ref<ResourceFuture> place = new_place("acquire");
    try {
      const Waiter waiter(waiters_, *place);
      co_await Future<>(place);
    } catch (const CancelledError&) {
      // One was put aside for this one: it goes back.
      if (place->done() && !place->cancelled()) ++value_;
      wake_as_many_as_may();
      throw;
    }
    wake_as_many_as_may();
  } else {
    --value_;
  }
  note("acquired");
  co_return true;
}

void SemaphoreState::give_back() {
  if (bounded_ && value_ >= initial_) throw ValueError("BoundedSemaphore released too many times");
  ++value_;
  note("released");
  wake_next();
}

// Takes one for the next who waits, who finds it taken when it goes on.
bool SemaphoreState::wake_next() {
  if (!waiters_.wake_next()) return false;
  --value_;
  return true;
}

// Those who came while the counter was above 0, but others waited before them.
void SemaphoreState::wake_as_many_as_may() {
  while (value_ > 0 && wake_next()) {
  }
}

std::string SemaphoreState::text() const {
  return text_of(bounded_ ? "BoundedSemaphore" : "Semaphore",
                 locked() ? "locked" : "unlocked, value:" + std::to_string(value_),
                 waiters_.size());
}

ResourceNow SemaphoreState::now() const {
  std::string state = std::to_string(value_);
  if (value_ <= initial_) state += " of " + std::to_string(initial_);
  return {.state = state + " free", .value = value_, .limit = initial_, .waiters = waiters_.size()};
}

}  // namespace asyncio::detail
