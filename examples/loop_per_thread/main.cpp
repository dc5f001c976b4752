#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> job(std::string name, int rounds, asyncio::Duration pause) {
  for (int round = 1; round <= rounds; ++round) {
    co_await asyncio::sleep(pause);
    std::cout << name << ": round " << round << "\n";
  }
  co_return rounds;
}

// A thread with a loop of its own, from its beginning to its end. run() makes it and closes it.
int in_thread(std::string name, asyncio::Duration pause) {
  return asyncio::run(job(name, 3, pause));
}

asyncio::Coro<int> co_main(int, char**) {
  const auto here = asyncio::create_task(job("main", 4, 700ms), "main's own");
  auto [a, b] =
      co_await asyncio::gather(asyncio::to_thread(in_thread, std::string("first"), 500ms),
                               asyncio::to_thread(in_thread, std::string("second"), 800ms));
  const int own = co_await here;
  std::cout << a + b << " rounds in two threads, " << own << " here\n";
  co_return 0;
}
