#include <iostream>
#include <string>
#include <vector>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

std::vector<std::string> arrived;

asyncio::Coro<> run_race(asyncio::Event start, asyncio::Condition changed, std::string name,
                         asyncio::Duration takes) {
  co_await start.wait();
  std::cout << name << " runs\n";
  co_await asyncio::sleep(takes);
  const auto held = co_await changed.scoped();
  arrived.push_back(name);
  changed.notify_all();  // whoever waits looks again
}

asyncio::Coro<> give_medals(asyncio::Condition changed) {
  const auto held = co_await changed.scoped();
  co_await changed.wait_for([] { return arrived.size() >= 2; });
  std::cout << "gold for " << arrived[0] << ", silver for " << arrived[1] << "\n";
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::Event start;
  asyncio::Condition changed;
  const auto medals = asyncio::create_task(give_medals(changed));
  const auto race =
      asyncio::gather(run_race(start, changed, "Ada", 3s), run_race(start, changed, "Bob", 1s),
                      run_race(start, changed, "Cy", 2s));
  co_await asyncio::sleep(1s);
  std::cout << "go\n";
  start.set();
  co_await medals;
  co_await race;
  std::cout << arrived.size() << " have arrived\n";
  co_return 0;
}
