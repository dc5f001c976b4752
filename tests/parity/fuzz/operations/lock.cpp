// Lock
#include "lock.hpp"

#include "held.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

const asyncio::Lock& lock_at(Machine& machine, Arguments words) {
  return machine.state<Locks>().all[Machine::at(words.number(0), 2)];
}

Coro<> acquire(Machine& machine, Arguments words) {
  co_await lock_at(machine, words).acquire();
  machine.log("acquired");
}

void release(Machine& machine, Arguments words) {
  lock_at(machine, words).release();
  machine.log("released");
}

void locked(Machine& machine, Arguments words) {
  machine.log("locked " + std::to_string(lock_at(machine, words).locked()));
}

Coro<> with_lock(Machine& machine, Arguments words) {
  asyncio::Held held = co_await lock_at(machine, words).scoped();
  const int value = co_await then_give_back(std::move(held), machine.body(words.number(1)));
  machine.log("called " + std::to_string(value));
}

}  // namespace

void add_lock(Operations& operations) {
  operations.waits["lock.acquire"] = &acquire;
  operations.waits["lock.with"] = &with_lock;
  operations.acts["lock.release"] = &release;
  operations.acts["lock.locked"] = &locked;
}

}  // namespace fuzz
