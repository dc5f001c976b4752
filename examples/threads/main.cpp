#include <iostream>
#include <string>
#include <thread>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

// Somebody else's code, which knows nothing of the loop: it keeps its thread until it is through.
std::string read_file(std::string name) {
  std::this_thread::sleep_for(2400ms);
  return "what " + name + " says";
}

asyncio::Coro<> heartbeat() {
  for (int beat = 0;; ++beat) {
    std::cout << "beat " << beat << "\n";
    co_await asyncio::sleep(1s);
  }
}

asyncio::Coro<int> co_main(int, char**) {
  const auto heart = asyncio::create_task(heartbeat(), "heart");

  std::cout << "two calls, each in a thread of its own\n";
  auto [a, b] = co_await asyncio::gather(asyncio::to_thread(read_file, std::string("a.txt")),
                                         asyncio::to_thread(read_file, std::string("b.txt")));
  std::cout << a << ", " << b << "\n";

  std::cout << "two calls, and one thread for both\n";
  asyncio::ThreadPoolExecutor one_thread(1);
  auto& loop = asyncio::get_running_loop();
  const auto c = loop.run_in_executor(&one_thread, [] { return read_file("c.txt"); });
  const auto d = loop.run_in_executor(&one_thread, [] { return read_file("d.txt"); });
  std::cout << co_await c << "\n";
  std::cout << co_await d << "\n";

  heart.cancel();
  co_return 0;
}
