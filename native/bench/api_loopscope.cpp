// What is built on the loop, on this library's: queues, locks, groups, timeouts, other threads.
#include <malloc.h>

#include <thread>

#include <asyncio/asyncio.hpp>

#include "cases.hpp"

namespace bench {
namespace {

using asyncio::Coro;

Coro<> put_all(asyncio::Queue<int> there, asyncio::Queue<int> back) {
  for (std::size_t round = 0; round < kRounds; ++round) {
    co_await there.put(1);
    co_await back.get();
  }
}

Coro<std::size_t> get_all(asyncio::Queue<int> there, asyncio::Queue<int> back) {
  std::size_t rounds = 0;
  for (; rounds < kRounds; ++rounds) {
    co_await there.get();
    co_await back.put(1);
  }
  co_return rounds;
}

// There and back, through two queues of one place each.
Coro<std::size_t> queue_ping_pong() {
  const asyncio::Queue<int> there(1);
  const asyncio::Queue<int> back(1);
  const asyncio::Task<> putter = asyncio::create_task(put_all(there, back));
  const std::size_t rounds = co_await get_all(there, back);
  co_await putter;
  co_return rounds;
}

Coro<> take_turns(asyncio::Lock lock, std::size_t& held) {
  for (std::size_t round = 0; round < kRounds / 2; ++round) {
    const asyncio::Held now = co_await lock.scoped();
    ++held;
    co_await asyncio::sleep(asyncio::Duration::zero());  // the other one comes to wait meanwhile
  }
}

Coro<std::size_t> lock_hand_over() {
  const asyncio::Lock lock;
  std::size_t held = 0;
  const asyncio::Task<> other = asyncio::create_task(take_turns(lock, held));
  co_await take_turns(lock, held);
  co_await other;
  co_return held;
}

Coro<> count(std::size_t& ran) {
  ++ran;
  co_return;
}

struct Children {
  std::size_t& ran;
  Coro<> operator()(asyncio::TaskGroup& group) const { return run(group, ran); }
  static Coro<> run(asyncio::TaskGroup& group, std::size_t& ran) {
    for (std::size_t index = 0; index < kGroup; ++index) group.create_task(count(ran));
    co_return;
  }
};

Coro<std::size_t> task_group() {
  std::size_t ran = 0;
  co_await asyncio::task_group(Children{ran});
  co_return ran;
}

Coro<> nothing(std::size_t& ran) {
  ++ran;
  co_return;
}

// Set, and not needed.
Coro<std::size_t> timeouts() {
  std::size_t ran = 0;
  for (std::size_t round = 0; round < kRounds; ++round)
    co_await asyncio::timeout(std::chrono::hours(1), nothing(ran));
  co_return ran;
}

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

void run_main(benchmark::State& state, Coro<std::size_t> (*main)(), std::size_t size) {
  const auto loop = asyncio::new_event_loop();
  measure(state, size, [&loop, main] { return loop->run_until_complete(main()); });
}

void run(benchmark::State& state, std::size_t (*once)(asyncio::EventLoop&), std::size_t size) {
  const auto loop = asyncio::new_event_loop();
  measure(state, size, [&loop, once] { return once(*loop); });
}

BENCHMARK_CAPTURE(run_main, queue_ping_pong, queue_ping_pong, kRounds)
    ->Name("queue_ping_pong/loopscope");
BENCHMARK_CAPTURE(run_main, lock_hand_over, lock_hand_over, kRounds)
    ->Name("lock_hand_over/loopscope");
BENCHMARK_CAPTURE(run_main, task_group, task_group, kGroup)->Name("task_group/loopscope");
BENCHMARK_CAPTURE(run_main, timeouts, timeouts, kRounds)->Name("timeout/loopscope");
BENCHMARK_CAPTURE(run, call_soon_threadsafe, call_soon_threadsafe, kCallbacks)
    ->Name("call_soon_threadsafe/loopscope")
    ->UseRealTime();
BENCHMARK(memory_of_a_task)->Name("memory_of_a_task/loopscope")->Iterations(1);

}  // namespace
}  // namespace bench
