#include <iostream>
#include <string>
#include <vector>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<std::string> answer(std::string name, asyncio::Duration after) {
  co_await asyncio::sleep(after);
  co_return name;
}

std::vector<asyncio::Task<std::string>> ask() {
  return {asyncio::create_task(answer("moon", 3s), "moon"),
          asyncio::create_task(answer("mars", 1s), "mars"),
          asyncio::create_task(answer("venus", 2s), "venus")};
}

asyncio::Coro<int> co_main(int, char**) {
  // The first answer will do: the others are told to stop.
  auto [done, pending] = co_await asyncio::wait(ask(), asyncio::FIRST_COMPLETED);
  std::cout << "first: " << done[0].result() << ", " << pending.size() << " not yet\n";
  for (const auto& task : pending) task.cancel();

  // What is there after a while. wait() throws nothing, and cancels nothing.
  const auto waited = co_await asyncio::wait(ask(), 1500ms);
  std::cout << "after 1.5 s: " << waited.done.size() << " done\n";
  co_await asyncio::wait(waited.pending);
  std::cout << "in the end: " << waited.pending[1].result() << " too\n";

  // One after the other, as they come.
  auto completed = asyncio::as_completed(ask());
  while (auto next = co_await completed.next())
    std::cout << next->get_name() << " answers " << next->result() << "\n";
  co_return 0;
}
