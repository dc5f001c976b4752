#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> hike(asyncio::Barrier hut, std::string name, asyncio::Duration pace) {
  for (int day = 1; day <= 2; ++day) {
    co_await asyncio::sleep(pace);
    std::cout << name << " is at hut " << day << "\n";
    const auto place = co_await hut.wait();  // until all are there
    if (place == 0) std::cout << name << " was first, and cooks\n";
  }
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::Barrier hut(3);
  co_await asyncio::gather(hike(hut, "Ada", 2s), hike(hut, "Bob", 1s), hike(hut, "Cy", 3s));
  co_return 0;
}
