// Context variables: two of them, seen from tasks and callbacks, and contexts that are asked for by
// hand.
#include "context.hpp"

#include <array>

#include <asyncio/context.hpp>

#include "registry.hpp"

namespace fuzz {

namespace {

const std::array<asyncio::ContextVar<int>, 2>& variables() {
  static const std::array<asyncio::ContextVar<int>, 2> both{asyncio::ContextVar<int>("v0", 0),
                                                            asyncio::ContextVar<int>("v1")};
  return both;
}

struct Contexts {
  std::vector<std::pair<std::size_t, asyncio::Token<int>>> tokens;
  std::vector<asyncio::Context> copies;
};

void set_variable(Machine& machine, Arguments words) {
  const std::size_t which = Machine::at(words.number(0), 2);
  machine.state<Contexts>().tokens.emplace_back(which, variables()[which].set(words.number(1)));
}

std::string variable_text(std::size_t which) {
  return "v" + std::to_string(which) + " is " + std::to_string(variables()[which].get(-1));
}

void get(Machine& machine, Arguments words) {
  machine.log(variable_text(Machine::at(words.number(0), 2)));
}

void reset(Machine& machine, Arguments words) {
  auto& tokens = machine.state<Contexts>().tokens;
  if (tokens.empty()) return;
  auto& [which, token] = tokens[Machine::at(words.number(0), tokens.size())];
  variables()[which].reset(token);
}

void copy(Machine& machine, Arguments) {
  machine.state<Contexts>().copies.push_back(asyncio::copy_context());
}

void mine(Machine& machine, Arguments) {
  auto& copies = machine.state<Contexts>().copies;
  const auto task = asyncio::current_task();
  if (task && copies.size() < 10) copies.push_back(task->get_context());
}

asyncio::Context context_at(Machine& machine, Arguments words) {
  const auto& copies = machine.state<Contexts>().copies;
  if (copies.empty()) return asyncio::copy_context();
  return copies[Machine::at(words.number(0), copies.size())];
}

void run(Machine& machine, Arguments words) {
  context_at(machine, words).run(machine.action(words.from(1)));
}

void soon(Machine& machine, Arguments words) {
  machine.loop().call_soon(machine.action(words.from(1)), context_at(machine, words));
}

void spawn(Machine& machine, Arguments words) {
  const std::string name = machine.next_task_name();
  machine.add(task_thing(
      machine.loop().create_task(machine.body(words.number(1)), name, context_at(machine, words))));
}

}  // namespace

std::string variables_text() { return variable_text(0) + ", " + variable_text(1); }

void add_context(Operations& operations) {
  operations.acts["var.set"] = &set_variable;
  operations.acts["var.get"] = &get;
  operations.acts["var.reset"] = &reset;
  operations.acts["context.copy"] = &copy;
  operations.acts["context.mine"] = &mine;
  operations.acts["context.run"] = &run;
  operations.acts["context.soon"] = &soon;
  operations.acts["context.spawn"] = &spawn;
}

}  // namespace fuzz
