#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> say_after(asyncio::Duration delay, std::string what) {
  co_await asyncio::sleep(delay);
  std::cout << what << "\n";
}

asyncio::Coro<int> co_main(int, char**) {
  auto one = asyncio::create_task(say_after(1s, "one"), "one");
  auto two = asyncio::create_task(say_after(2s, "two"), "two");
  std::cout << "both are scheduled, neither has begun\n";

  co_await one;
  co_await two;  // it has been sleeping all the while: one second is left
  std::cout << "done after two seconds, not three\n";
  co_return 0;
}
