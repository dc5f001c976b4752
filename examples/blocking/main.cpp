#include <cstdio>
#include <thread>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> clock_hand(asyncio::Instant start) {
  for (int tick = 0; tick < 5; ++tick) {
    const auto now = asyncio::get_running_loop().time() - start;
    std::printf("tick %d at %.1f s\n", tick, asyncio::seconds(now));
    co_await asyncio::sleep(1s);
  }
}

asyncio::Coro<> rude() {
  co_await asyncio::sleep(1500ms);
  std::printf("rude: blocks the thread for 2 s\n");
  std::this_thread::sleep_for(2s);  // not co_await: the loop cannot do anything else meanwhile
  std::printf("rude: done\n");
}

asyncio::Coro<> watch() {
  const auto start = asyncio::get_running_loop().time();
  co_await asyncio::gather(clock_hand(start), rude());
}

int main() { asyncio::run(watch()); }
