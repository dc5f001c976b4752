// Semaphore and BoundedSemaphore: two of each, of 1 and of 2.
#include <asyncio/semaphore.hpp>

#include "held.hpp"
#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Semaphores {
  std::array<asyncio::Semaphore, 4> all{asyncio::Semaphore(1), asyncio::Semaphore(2),
                                        asyncio::BoundedSemaphore(1), asyncio::BoundedSemaphore(2)};
};

const asyncio::Semaphore& semaphore_at(Machine& machine, Arguments words) {
  return machine.state<Semaphores>().all[Machine::at(words.number(0), 4)];
}

Coro<> acquire(Machine& machine, Arguments words) {
  co_await semaphore_at(machine, words).acquire();
  machine.log("acquired");
}

void release(Machine& machine, Arguments words) {
  semaphore_at(machine, words).release();
  machine.log("released");
}

void locked(Machine& machine, Arguments words) {
  machine.log("locked " + std::to_string(semaphore_at(machine, words).locked()));
}

Coro<> with_semaphore(Machine& machine, Arguments words) {
  asyncio::Held held = co_await semaphore_at(machine, words).scoped();
  const int value = co_await then_give_back(std::move(held), machine.body(words.number(1)));
  machine.log("called " + std::to_string(value));
}

}  // namespace

void add_semaphore(Operations& operations) {
  operations.waits["semaphore.acquire"] = &acquire;
  operations.waits["semaphore.with"] = &with_semaphore;
  operations.acts["semaphore.release"] = &release;
  operations.acts["semaphore.locked"] = &locked;
}

}  // namespace fuzz
