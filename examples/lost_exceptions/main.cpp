#include <iostream>
#include <stdexcept>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> save(std::string file) {
  co_await asyncio::sleep(1s);
  if (file == "b.txt") throw std::runtime_error("disk full at " + file);
  std::cout << "saved " << file << "\n";
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::get_running_loop().set_exception_handler(
      [](asyncio::EventLoop&, const asyncio::ExceptionContext& context) {
        std::cout << "the loop says: " << context.message << "\n";
      });

  std::cout << "1. Nobody looks at the task\n";
  asyncio::create_task(save("b.txt"));
  co_await asyncio::sleep(2s);  // it failed; without the handler above only a log would say so

  std::cout << "2. Awaiting it\n";
  try {
    co_await asyncio::create_task(save("b.txt"));
  } catch (const std::exception& error) {
    std::cout << "caught: " << error.what() << "\n";
  }

  std::cout << "3. Exceptions as results\n";
  auto [a, b] = co_await asyncio::gather(asyncio::return_exceptions, save("a.txt"), save("b.txt"));
  std::cout << "a: " << (a.ok() ? "saved" : "lost") << ", b: " << (b.ok() ? "saved" : "lost")
            << "\n";
  co_return 0;
}
