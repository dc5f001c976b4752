#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<std::string> look_up(std::string name, bool cached) {
  std::cout << "look_up " << name << ": begins\n";
  if (!cached) co_await asyncio::sleep(1s);
  co_return "page of " + name;
}

asyncio::Coro<> look_up_two() {
  auto cached = asyncio::create_task(look_up("a", true));
  std::cout << "a was made: done() is " << cached.done() << "\n";
  auto slow = asyncio::create_task(look_up("b", false));
  std::cout << "b was made: done() is " << slow.done() << "\n";
  const std::string a = co_await cached;
  const std::string b = co_await slow;
  std::cout << a << ", " << b << "\n";
}

asyncio::Coro<int> co_main(int, char**) {
  co_await look_up_two();

  std::cout << "and now eagerly\n";
  asyncio::get_running_loop().set_task_factory(asyncio::eager_task_factory);
  co_await look_up_two();
  co_return 0;
}
