#include "loopscope.hpp"

#include <numeric>

#include <asyncio/asyncio.hpp>

namespace bench {

// All are scheduled, then all run in one turn.
std::size_t call_soon_burst(asyncio::EventLoop& loop) {
  std::size_t ran = 0;
  for (std::size_t index = 0; index < kCallbacks; ++index) loop.call_soon([&ran] { ++ran; });
  loop.stop();
  loop.run_forever();
  return ran;
}

namespace {

// Schedules itself again until all have run.
struct Chain {
  asyncio::EventLoop& loop;
  std::size_t& ran;
  void operator()() const {
    if (++ran < kCallbacks) {
      loop.call_soon(*this);
    } else {
      loop.stop();
    }
  }
};

}  // namespace

std::size_t call_soon_chain(asyncio::EventLoop& loop) {
  std::size_t ran = 0;
  loop.call_soon(Chain{loop, ran});
  loop.run_forever();
  return ran;
}

namespace {

asyncio::Coro<std::size_t> sleeper() {
  std::size_t slept = 0;
  for (; slept < kAwaits; ++slept) co_await asyncio::sleep(asyncio::Duration::zero());
  co_return slept;
}

}  // namespace

std::size_t sleep_zero(asyncio::EventLoop& loop) { return loop.run_until_complete(sleeper()); }

namespace {

asyncio::Coro<std::size_t> at_once(std::size_t value) { co_return value; }

asyncio::Coro<std::size_t> caller() {
  std::size_t sum = 0;
  for (std::size_t index = 0; index < kAwaits; ++index) sum += co_await at_once(1);
  co_return sum;
}

}  // namespace

std::size_t await_finished(asyncio::EventLoop& loop) { return loop.run_until_complete(caller()); }

namespace {

asyncio::Coro<std::size_t> spawner() {
  std::vector<asyncio::Coro<std::size_t>> coroutines;
  coroutines.reserve(kTasks);
  for (std::size_t index = 0; index < kTasks; ++index) coroutines.push_back(at_once(1));
  const std::vector<std::size_t> results = co_await asyncio::gather(std::move(coroutines));
  co_return std::accumulate(results.begin(), results.end(), std::size_t{0});
}

}  // namespace

std::size_t spawn_and_gather(asyncio::EventLoop& loop) {
  return loop.run_until_complete(spawner());
}

std::size_t timers_cancelled(asyncio::EventLoop& loop) {
  std::size_t fired = 0;
  std::vector<asyncio::TimerHandle> timers;
  timers.reserve(kTimers);
  for (std::size_t index = 0; index < kTimers; ++index) {
    const auto delay = std::chrono::hours(1) + std::chrono::milliseconds(scattered(index));
    timers.push_back(loop.call_later(delay, [&fired] { ++fired; }));
  }
  for (asyncio::TimerHandle& timer : timers) timer.cancel();
  loop.stop();
  loop.run_forever();  // lets go of them
  return timers.size() - fired;
}

}  // namespace bench
