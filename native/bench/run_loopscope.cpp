// The cases of loopscope.hpp for Google Benchmark, and what WebAssembly has not: threads, and a
// heap that can be asked.
#include <malloc.h>

#include <thread>

#include <asyncio/asyncio.hpp>

#include "loopscope.hpp"
#include "measure.hpp"

namespace bench {
namespace {

using asyncio::Coro;

// All from one other thread, while this one waits for them and runs them.
std::size_t call_soon_threadsafe(asyncio::EventLoop& loop) {
  std::size_t ran = 0;
  std::thread other([&loop, &ran] {
    for (std::size_t index = 0; index < kCallbacks; ++index) {
      loop.call_soon_threadsafe([&loop, &ran] {
        if (++ran == kCallbacks) loop.stop();
      });
    }
  });
  loop.run_forever();
  other.join();
  return ran;
}

Coro<> wait_for(asyncio::Future<> future) { co_await future; }

// Bytes of the heap for each task that waits for a future.
void memory_of_a_task(benchmark::State& state) {
  for (auto _ : state) {
    const auto loop = asyncio::new_event_loop();
    const asyncio::Future<> future = loop->create_future();
    std::vector<asyncio::Task<>> tasks;
    tasks.reserve(kSuspended);
    const auto before = mallinfo2().uordblks;
    for (std::size_t index = 0; index < kSuspended; ++index)
      tasks.push_back(loop->create_task(wait_for(future)));
    loop->call_soon([&loop] { loop->stop(); });
    loop->run_forever();
    const auto used = mallinfo2().uordblks - before;
    state.counters["bytes"] = static_cast<double>(used) / static_cast<double>(kSuspended);
    future.set_result();
    loop->call_soon([&loop] { loop->call_soon([&loop] { loop->stop(); }); });
    loop->run_forever();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSuspended));
}

void run(benchmark::State& state, std::size_t (*once)(asyncio::EventLoop&), std::size_t size) {
  const auto loop = asyncio::new_event_loop();
  measure(state, size, [&loop, once] { return once(*loop); });
}

BENCHMARK_CAPTURE(run, call_soon_burst, call_soon_burst, kCallbacks)
    ->Name("call_soon_burst/loopscope");
BENCHMARK_CAPTURE(run, call_soon_chain, call_soon_chain, kCallbacks)
    ->Name("call_soon_chain/loopscope");
BENCHMARK_CAPTURE(run, sleep_zero, sleep_zero, kAwaits)->Name("sleep_zero/loopscope");
BENCHMARK_CAPTURE(run, await_finished, await_finished, kAwaits)->Name("await_finished/loopscope");
BENCHMARK_CAPTURE(run, spawn_and_gather, spawn_and_gather, kTasks)
    ->Name("spawn_and_gather/loopscope");
BENCHMARK_CAPTURE(run, timers_cancelled, timers_cancelled, kTimers)
    ->Name("timers_cancelled/loopscope");

BENCHMARK_CAPTURE(run, queue_ping_pong, queue_ping_pong, kRounds)
    ->Name("queue_ping_pong/loopscope");
BENCHMARK_CAPTURE(run, lock_hand_over, lock_hand_over, kRounds)->Name("lock_hand_over/loopscope");
BENCHMARK_CAPTURE(run, task_group, task_group, kGroup)->Name("task_group/loopscope");
BENCHMARK_CAPTURE(run, timeouts, timeouts, kRounds)->Name("timeout/loopscope");
BENCHMARK_CAPTURE(run, call_soon_threadsafe, call_soon_threadsafe, kCallbacks)
    ->Name("call_soon_threadsafe/loopscope")
    ->UseRealTime();
BENCHMARK(memory_of_a_task)->Name("memory_of_a_task/loopscope")->Iterations(1);

}  // namespace
}  // namespace bench
