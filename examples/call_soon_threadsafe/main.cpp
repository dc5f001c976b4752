#include <iostream>
#include <string>
#include <thread>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> ask(std::string question) {
  std::cout << question << "\n";
  co_await asyncio::sleep(1200ms);  // somebody thinks
  co_return 3;
}

// In another thread. Nothing that belongs to the loop may be touched here: no task, no future, no
// timer. There are two ways in.
void bake(asyncio::EventLoop& loop, int& cakes) {
  // One leaves a callback with the loop, and goes on.
  for (int percent : {50, 100}) {
    std::this_thread::sleep_for(1s);
    loop.call_soon_threadsafe([percent] { std::cout << "baked: " << percent << " %\n"; });
  }
  // The other has the loop run a coroutine. This thread waits for the answer, the loop does not.
  const auto answer = asyncio::run_coroutine_threadsafe(ask("How many do you want?"), loop);
  cakes = answer.result();
}

asyncio::Coro<> clock_hand() {
  for (int tick = 0;; ++tick) {
    std::cout << "tick " << tick << "\n";
    co_await asyncio::sleep(700ms);
  }
}

asyncio::Coro<int> co_main(int, char**) {
  const auto ticking = asyncio::create_task(clock_hand(), "clock");
  int cakes = 0;
  co_await asyncio::to_thread(bake, std::ref(asyncio::get_running_loop()), std::ref(cakes));
  std::cout << cakes << " cakes\n";
  ticking.cancel();
  co_return 0;
}
