// Condition: one with a lock of its own, one that shares the first lock of lock.cpp.
#include <asyncio/condition.hpp>

#include "held.hpp"
#include "lock.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Conditions {
  std::vector<asyncio::Condition> all;
  int value = 0;  // what predicates ask for
};

const asyncio::Condition& condition_at(Machine& machine, Arguments words) {
  auto& all = machine.state<Conditions>().all;
  if (all.empty()) {
    all.emplace_back();
    all.emplace_back(machine.state<Locks>().all[0]);
  }
  return all[Machine::at(words.number(0), 2)];
}

Coro<> acquire(Machine& machine, Arguments words) {
  co_await condition_at(machine, words).acquire();
  machine.log("acquired");
}

void release(Machine& machine, Arguments words) {
  condition_at(machine, words).release();
  machine.log("released");
}

Coro<> wait(Machine& machine, Arguments words) {
  co_await condition_at(machine, words).wait();
  machine.log("notified");
}

Coro<bool> wait_having_it(Machine& machine, asyncio::Condition condition) {
  machine.log("acquired");
  co_await condition.wait();
  machine.log("notified");
  co_return true;
}

Coro<> with_wait(Machine& machine, Arguments words) {
  const asyncio::Condition& condition = condition_at(machine, words);
  asyncio::Held held = co_await condition.scoped();
  co_await then_give_back(std::move(held), wait_having_it(machine, condition));
}

Coro<bool> wait_for_having_it(Machine& machine, asyncio::Condition condition, int wanted) {
  const Conditions& conditions = machine.state<Conditions>();
  const auto is_there = [&conditions, wanted] { return conditions.value % 3 == wanted % 3; };
  co_await condition.wait_for(is_there);
  machine.log("value " + std::to_string(conditions.value));
  co_return true;
}

Coro<> wait_for(Machine& machine, Arguments words) {
  const asyncio::Condition& condition = condition_at(machine, words);
  asyncio::Held held = co_await condition.scoped();
  co_await then_give_back(std::move(held), wait_for_having_it(machine, condition, words.number(1)));
}

Coro<> with_body(Machine& machine, Arguments words) {
  asyncio::Held held = co_await condition_at(machine, words).scoped();
  const int value = co_await then_give_back(std::move(held), machine.body(words.number(1)));
  machine.log("called " + std::to_string(value));
}

void notify(Machine& machine, Arguments words) {
  condition_at(machine, words).notify(Machine::at(words.number(1), 4));
}

Coro<> with_notify(Machine& machine, Arguments words) {
  const asyncio::Condition& condition = condition_at(machine, words);
  {
    asyncio::Held held = co_await condition.scoped();
    ++machine.state<Conditions>().value;
    if (words.word(1) == "0") {
      condition.notify_all();
    } else {
      condition.notify(Machine::at(words.number(1), 4));
    }
    held.release();
  }
  machine.log("has notified");
}

}  // namespace

void add_condition(Operations& operations) {
  operations.waits["condition.acquire"] = &acquire;
  operations.waits["condition.wait"] = &wait;
  operations.waits["condition.with_wait"] = &with_wait;
  operations.waits["condition.wait_for"] = &wait_for;
  operations.waits["condition.with_body"] = &with_body;
  operations.waits["condition.with_notify"] = &with_notify;
  operations.acts["condition.release"] = &release;
  operations.acts["condition.notify"] = &notify;
}

}  // namespace fuzz
