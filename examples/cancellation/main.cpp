#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> download() {
  try {
    std::cout << "download: begins\n";
    co_await asyncio::sleep(1h);
    std::cout << "download: is never this far\n";
  } catch (const asyncio::CancelledError& error) {
    std::cout << "download: cancelled (" << error.what() << "), removes its file\n";
    throw;  // cleaning up is fine, keeping it quiet is not
  }
}

asyncio::Coro<int> co_main(int, char**) {
  auto task = asyncio::create_task(download(), "download");
  co_await asyncio::sleep(2s);

  task.cancel("the user closed the window");  // a request: nothing has happened to it yet
  std::cout << "main: requested, cancelled() is " << task.cancelled() << "\n";
  try {
    co_await task;
  } catch (const asyncio::CancelledError&) {
    std::cout << "main: delivered, cancelled() is " << task.cancelled() << "\n";
  }
  co_return 0;
}
