#include <asyncio/sleep.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace {

// The future under sleep(): knows its timer, so that the trace can tell the deadline.
class SleepState final : public detail::FutureState<void> {
 public:
  explicit SleepState(EventLoop& loop) noexcept : FutureState(loop, "sleep") {}
  trace::Awaiting awaiting() const override { return {type(), id(), timer.id(), timer.when()}; }

  TimerHandle timer;
};

// Leaves no timer behind when the sleep is cancelled.
class TimerGuard {
 public:
  explicit TimerGuard(SleepState& state) noexcept : state_(state) {}
  TimerGuard(const TimerGuard&) = delete;
  TimerGuard& operator=(const TimerGuard&) = delete;
  ~TimerGuard() {
    state_.timer.cancel();
    state_.timer = {};  // its callback refers to the state
  }

 private:
  SleepState& state_;
};

}  // namespace

Coro<> sleep(Duration delay) {
  if (delay <= Duration::zero()) {
    co_await detail::Yield();
    co_return;
  }
  EventLoop& loop = get_running_loop();
  const detail::Ref state(new SleepState(loop));
  // asyncio: futures._set_result_unless_cancelled
  state->timer = TimerHandle(detail::LoopAccess::schedule_at(loop, loop.after(delay),
                                                             detail::make_callback(
                                                                 "sleep",
                                                                 [state] {
                                                                   if (!state->done())
                                                                     state->set_result();
                                                                 },
                                                                 std::source_location{})));
  const TimerGuard guard(*state);
  co_await Future<>(state);
}

}  // namespace asyncio
