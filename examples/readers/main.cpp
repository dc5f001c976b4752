#include <unistd.h>

#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

// Done when `out` takes something without making the program wait.
asyncio::Future<> writable(int out) {
  asyncio::EventLoop& loop = asyncio::get_running_loop();
  auto ready = loop.create_future();
  loop.add_writer(out, [&loop, out, ready] {
    loop.remove_writer(out);  // or it would be called in every turn
    ready.set_result();
  });
  return ready;
}

asyncio::Coro<> send(int out, std::vector<std::string> words) {
  for (const std::string& word : words) {
    co_await asyncio::sleep(1s);
    co_await writable(out);
    std::cout << "sends " << word << "\n";
    if (write(out, word.data(), word.size()) < 0) break;
  }
  close(out);
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::EventLoop& loop = asyncio::get_running_loop();
  int ends[2];
  if (pipe(ends) < 0) co_return 1;
  const int in = ends[0];
  asyncio::Queue<std::string> received;
  // In each turn in which there is something to read.
  loop.add_reader(in, [&loop, in, received]() mutable {
    char bytes[100];
    const auto count = read(in, bytes, sizeof bytes);
    if (count <= 0) loop.remove_reader(in);  // nothing: the other end is closed
    received.put_nowait(std::string(bytes, count > 0 ? count : 0));
  });
  const auto sending = asyncio::create_task(send(ends[1], {"ready", "steady", "go"}), "sender");
  for (std::string word; !(word = co_await received.get()).empty();)
    std::cout << "received " << word << "\n";
  close(in);
  co_await sending;
  co_return 0;
}
