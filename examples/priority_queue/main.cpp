#include <iostream>
#include <string>
#include <utility>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

// How urgent, and who. The smallest comes first.
using Patient = std::pair<int, std::string>;

asyncio::Coro<> reception(asyncio::PriorityQueue<Patient> room) {
  co_await room.put({3, "Ann"});
  co_await room.put({2, "Bob"});
  co_await room.put({3, "Ada"});
  co_await asyncio::sleep(1500ms);
  std::cout << "an ambulance comes\n";
  co_await room.put({1, "Dee"});
}

asyncio::Coro<> doctor(asyncio::PriorityQueue<Patient> room) {
  for (;;) {
    const auto [urgency, name] = co_await room.get();
    std::cout << "the doctor sees " << name << " (" << urgency << ")\n";
    co_await asyncio::sleep(1s);
    room.task_done();
  }
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::PriorityQueue<Patient> room;
  const auto working = asyncio::create_task(doctor(room), "doctor");
  co_await reception(room);
  co_await room.join();
  working.cancel();

  // The same with a stack: who came last is first.
  asyncio::LifoQueue<std::string> plates;
  for (const char* colour : {"red", "green", "blue"}) plates.put_nowait(colour);
  while (!plates.empty()) std::cout << co_await plates.get() << " plate\n";
  co_return 0;
}
