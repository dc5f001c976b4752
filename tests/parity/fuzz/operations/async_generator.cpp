// Async generators: a body as one, in which the operation "yield" yields.
#include <asyncio/async_generator.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Generators {
  std::vector<asyncio::AsyncGenerator<int>> all;
};

struct Ends {
  Machine& machine;
  std::string name;
  ~Ends() { machine.log(name + " ends"); }
};

asyncio::AsyncGenerator<int> generator(Machine& machine, int index) {
  const Body& body = machine.body_at(index);
  const std::string name = "generator " + std::to_string(index);
  machine.log(name + " begins");
  const Ends ends{machine, name};
  for (const Operation& operation : body.operations) {
    if (operation.words[0] == "return") break;
    if (operation.words[0] == "yield") {
      co_yield std::stoi(operation.words[1]);
    } else {
      co_await machine.guarded(operation);
    }
  }
}

asyncio::AsyncGenerator<int>* generator_at(Machine& machine, Arguments words) {
  auto& all = machine.state<Generators>().all;
  return all.empty() ? nullptr : &all[Machine::at(words.number(0), all.size())];
}

// Only generators yield.
void give(Machine&, Arguments) {}

void make(Machine& machine, Arguments words) {
  auto& all = machine.state<Generators>().all;
  if (all.empty()) all.reserve(1000);  // so that they stay where they are while they are awaited
  all.push_back(generator(machine, words.number(0)));
}

Coro<> advance(Machine& machine, Arguments words) {
  asyncio::AsyncGenerator<int>* const one = generator_at(machine, words);
  if (!one) co_return;
  const std::optional<int> value = co_await one->next();
  machine.log(value ? "next " + std::to_string(*value) : "no more");
}

Coro<> loop_over(Machine& machine, Arguments words) {
  asyncio::AsyncGenerator<int> values = generator(machine, words.number(0));
  for (;;) {
    const std::optional<int> value = co_await values.next();
    if (!value) break;
    machine.log("item " + std::to_string(*value));
  }
  machine.log("no more");
}

Coro<> close(Machine& machine, Arguments words) {
  asyncio::AsyncGenerator<int>* const one = generator_at(machine, words);
  if (!one) co_return;
  co_await one->aclose();
  machine.log("closed");
}

}  // namespace

void add_async_generator(Operations& operations) {
  operations.waits["gen.next"] = &advance;
  operations.waits["gen.for"] = &loop_over;
  operations.waits["gen.close"] = &close;
  operations.acts["gen"] = &make;
  operations.acts["yield"] = &give;
}

}  // namespace fuzz
