// What is built on the loop: queues, locks, groups, timeouts.
#include <asyncio/asyncio.hpp>

#include "loopscope.hpp"

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
Coro<std::size_t> queue_ping_pong_main() {
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

Coro<std::size_t> lock_hand_over_main() {
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

Coro<std::size_t> task_group_main() {
  std::size_t ran = 0;
  co_await asyncio::task_group(Children{ran});
  co_return ran;
}

Coro<> nothing(std::size_t& ran) {
  ++ran;
  co_return;
}

// Set, and not needed.
Coro<std::size_t> timeout_main() {
  std::size_t ran = 0;
  for (std::size_t round = 0; round < kRounds; ++round)
    co_await asyncio::timeout(std::chrono::hours(1), nothing(ran));
  co_return ran;
}

}  // namespace

std::size_t queue_ping_pong(asyncio::EventLoop& loop) {
  return loop.run_until_complete(queue_ping_pong_main());
}
std::size_t lock_hand_over(asyncio::EventLoop& loop) {
  return loop.run_until_complete(lock_hand_over_main());
}
std::size_t task_group(asyncio::EventLoop& loop) {
  return loop.run_until_complete(task_group_main());
}
std::size_t timeouts(asyncio::EventLoop& loop) { return loop.run_until_complete(timeout_main()); }

}  // namespace bench
