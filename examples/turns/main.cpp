#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> count() {
  for (int step = 1; step <= 3; ++step) {
    std::cout << "  step " << step << "\n";
    co_await asyncio::sleep(0s);
  }
  co_await asyncio::sleep(1s);
  std::cout << "  after the sleep\n";
}

int main() {
  const auto loop = asyncio::new_event_loop();
  const auto task = loop->create_task(count(), "count");

  int turn = 0;
  while (!task.done()) {
    std::cout << "turn " << ++turn << "\n";
    if (turn == 4) loop->call_soon([] { std::cout << "  a callback\n"; });
    if (turn == 5) loop->call_later(1s, [&] { loop->stop(); });
    if (turn != 5) loop->stop();  // said beforehand: run what is ready, do not wait, return
    loop->run_forever();
  }
  loop->close();
}
