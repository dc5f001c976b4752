// TaskGroup
#include <asyncio/task_group.hpp>

#include "entered.hpp"
#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Groups {
  std::vector<asyncio::TaskGroup*> entered;
};

// What runs in the group; like `async with`, it is entered before its body and left after its
// tasks.
struct Block {
  Machine& machine;
  int index;
  std::optional<Entered<asyncio::TaskGroup>>& entered;
  Coro<int> operator()(asyncio::TaskGroup& group) const {
    entered.emplace(machine.state<Groups>().entered, group);
    return machine.body(index);
  }
};

Coro<> group(Machine& machine, Arguments words) {
  std::optional<Entered<asyncio::TaskGroup>> entered;
  Coro<int> running = asyncio::task_group(Block{machine, words.number(0), entered});
  const int value = co_await running;
  entered.reset();
  machine.log("called " + std::to_string(value));
}

void spawn(Machine& machine, Arguments words) {
  const auto& entered = machine.state<Groups>().entered;
  if (entered.empty()) return;
  asyncio::TaskGroup& one = *entered[Machine::at(words.number(0), entered.size())];
  const std::string name = machine.next_task_name();
  asyncio::Task<int> task = one.create_task(machine.body(words.number(1)), name);
  machine.add(task_thing(std::move(task)));
}

}  // namespace

void add_task_group(Operations& operations) {
  operations.waits["group"] = &group;
  operations.acts["group.spawn"] = &spawn;
}

}  // namespace fuzz
