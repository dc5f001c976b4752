#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

struct NoConnection {};

asyncio::Coro<> fetch(std::string name, asyncio::Duration takes) {
  try {
    co_await asyncio::sleep(takes);
  } catch (const asyncio::CancelledError&) {
    std::cout << name << ": gives up\n";
    throw;
  }
  std::cout << name << ": there\n";
}

asyncio::Coro<> breaks(std::string name, asyncio::Duration after) {
  co_await asyncio::sleep(after);
  std::cout << name << ": breaks\n";
  throw NoConnection();
}

asyncio::Coro<int> co_main(int, char**) {
  // The group is left when the last of its tasks has ended.
  co_await asyncio::task_group([&](asyncio::TaskGroup& group) -> asyncio::Coro<> {
    group.create_task(fetch("news", 2s), "news");
    group.create_task(fetch("mail", 1s), "mail");
    co_return;
  });
  std::cout << "main: both are there\n";

  // One failure ends all of it: the other task, and what the block waits for.
  try {
    co_await asyncio::task_group([&](asyncio::TaskGroup& group) -> asyncio::Coro<> {
      group.create_task(fetch("film", 10s), "film");
      group.create_task(breaks("line", 1s), "line");
      co_await fetch("block", 20s);
    });
  } catch (const asyncio::ExceptionGroup& errors) {
    std::cout << "main: " << errors.what() << "\n";
    const auto [known, rest] = errors.split<NoConnection>();
    std::cout << "main: " << known->exceptions().size() << " without connection\n";
    if (rest) throw *rest;
  }
  co_return 0;
}
