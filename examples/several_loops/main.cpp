#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<int> job(int number) {
  co_await asyncio::sleep(1s);
  std::cout << "job " << number << "\n";
  co_return number;
}

asyncio::Coro<> leave_one_behind() {
  asyncio::create_task(job(2));
  co_await asyncio::sleep(500ms);
  std::cout << "run() ends, and with it job 2\n";
}

int main() {
  // Each run() makes a loop of its own, and closes it.
  const int one = asyncio::run(job(1));
  asyncio::run(leave_one_behind());

  // By hand: one loop for two things, one after the other.
  const auto loop = asyncio::new_event_loop();
  const int three = loop->run_until_complete(job(3));
  const int four = loop->run_until_complete(job(4));
  loop->close();
  std::cout << one << " " << three << " " << four << "\n";

  try {
    loop->call_soon([] {});
  } catch (const asyncio::RuntimeError& error) {
    std::cout << error.what() << "\n";
  }
}
