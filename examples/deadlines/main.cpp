#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<std::string> lookup(asyncio::Duration takes) {
  co_await asyncio::sleep(takes);
  co_return "found";
}

// A timer and a task race; whoever is first stops the other.
asyncio::Coro<std::string> within(asyncio::Duration limit, asyncio::Coro<std::string> work) {
  auto& loop = asyncio::get_running_loop();
  auto task = asyncio::create_task(std::move(work), "lookup");
  auto deadline = loop.call_at(loop.time() + limit, [task] { task.cancel("too late"); });
  std::string answer;
  try {
    answer = co_await task;
    deadline.cancel();  // or it would cancel what is done, and keep the loop waiting
  } catch (const asyncio::CancelledError& error) {
    answer = error.what();
  }
  co_return answer;
}

asyncio::Coro<int> co_main(int, char**) {
  for (const auto takes : {1s, 3s, 2s}) {  // the last one is a tie: who was first?
    const std::string answer = co_await within(2s, lookup(takes));
    std::cout << takes.count() << " s of 2 s: " << answer << "\n";
  }
  co_return 0;
}
