#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> stubborn() {
  int refused = 0;
  for (int round = 1; round <= 3; ++round) {
    try {
      co_await asyncio::sleep(1s);
    } catch (const asyncio::CancelledError&) {
      ++refused;  // swallowed: the task goes on as if nothing had been said
      std::cout << "stubborn: not now (round " << round << ")\n";
    }
  }
  co_return refused;
}

asyncio::Coro<int> co_main(int, char**) {
  auto task = asyncio::create_task(stubborn(), "stubborn");
  co_await asyncio::sleep(500ms);
  task.cancel();
  co_await asyncio::sleep(0s);
  task.cancel();

  const int refused = co_await task;
  std::cout << "main: it refused " << refused << ", cancelled() is " << task.cancelled() << "\n";
  std::cout << "main: cancelling() still counts: " << task.cancelling() << "\n";
  co_return 0;
}
