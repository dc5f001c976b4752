#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> wait_for_answer(std::string name, asyncio::Future<int> answer) {
  std::cout << name << " waits\n";
  const int value = co_await answer;
  std::cout << name << " got " << value << "\n";
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::EventLoop& loop = asyncio::get_running_loop();
  asyncio::Future<int> answer = loop.create_future<int>();

  // Nobody computes this future: a plain callback fills it in.
  loop.call_later(1s, [answer] {
    answer.set_result(42);
    std::cout << "the answer is set, nobody has run yet\n";
  });

  co_await asyncio::gather(wait_for_answer("Ann", answer), wait_for_answer("Bob", answer));
  const int again = co_await answer;  // done: costs no turn
  std::cout << "again: " << again << "\n";
  co_return 0;
}
