#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

int balance = 0;

// Reads, waits, writes: in between another may have written.
asyncio::Coro<> deposit(int amount) {
  const int before = balance;
  co_await asyncio::sleep(1s);
  balance = before + amount;
}

asyncio::Coro<> deposit_alone(asyncio::Lock lock, std::string name, int amount) {
  const auto held = co_await lock.scoped();  // async with lock:
  std::cout << name << " has the lock\n";
  co_await deposit(amount);
}  // and here it is released

asyncio::Coro<int> co_main(int, char**) {
  co_await asyncio::gather(deposit(10), deposit(20), deposit(30));
  std::cout << "without a lock: " << balance << "\n";

  balance = 0;
  asyncio::Lock lock;
  co_await asyncio::gather(deposit_alone(lock, "A", 10), deposit_alone(lock, "B", 20),
                           deposit_alone(lock, "C", 30));
  std::cout << "with a lock: " << balance << "\n";
  co_return 0;
}
