#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> work() {
  co_await asyncio::sleep(1s);
  std::cout << "work: returns 7\n";
  co_return 7;
}

asyncio::Coro<int> co_main(int, char**) {
  auto task = asyncio::create_task(work(), "work");
  task.add_done_callback([](const asyncio::Future<int>& done) {
    std::cout << "first callback: " << done.result() << "\n";
    asyncio::get_running_loop().call_soon([] { std::cout << "added by it: a turn later\n"; });
  });
  auto removed = task.add_done_callback([](const auto&) { std::cout << "never\n"; });
  task.remove_done_callback(removed);

  const int value = co_await task;  // the wake-up of this task is a callback, too: the second one
  std::cout << "main: " << value << "\n";

  task.add_done_callback(
      [](const auto&) { std::cout << "on a done task: through the queue, too\n"; });
  std::cout << "main: not called yet\n";
  co_await asyncio::sleep(0s);
  co_return 0;
}
