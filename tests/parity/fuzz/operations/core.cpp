// What every program is made of: waiting, other bodies, tasks, cancellation.
#include <thread>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

Coro<> sleep(Machine& machine, Arguments words) {
  co_await asyncio::sleep(words.delay(0));
  machine.log("slept");
}

Coro<> call(Machine& machine, Arguments words) {
  const int value = co_await machine.body(words.number(0));
  machine.log("called " + std::to_string(value));
}

Coro<> await_thing(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (!thing || Machine::is_current(*thing)) co_return;
  const std::string value = co_await thing->wait();
  machine.log("got " + value);
}

Coro<> await_self(Machine& machine, Arguments) {
  for (std::size_t index = 0; index < machine.things().size(); ++index) {
    const auto thing = machine.things()[index];
    if (Machine::is_current(*thing)) co_await *thing->task();
  }
}

void spawn(Machine& machine, Arguments words) {
  const std::string name = machine.next_task_name();
  machine.add(task_thing(machine.loop().create_task(machine.body(words.number(0)), name)));
}

void cancel(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (!thing) return;
  const std::string message = words.size() > 1 ? "c" + words.word(1) : "";
  machine.log("cancel " + std::to_string(thing->cancel(message)));
}

void state(Machine& machine, Arguments words) {
  if (const auto thing = machine.thing(words.word(0))) machine.log("state " + thing->state());
}

void log(Machine& machine, Arguments words) { machine.log("log " + words.word(0)); }

void fail(Machine&, Arguments words) { throw Failed("e" + words.word(0)); }

void give_back(Machine&, Arguments) { throw std::logic_error("a body looks for this one itself"); }

void block(Machine&, Arguments words) { std::this_thread::sleep_for(words.delay(0)); }

void stop(Machine& machine, Arguments) { machine.loop().stop(); }

}  // namespace

void add_core(Operations& operations) {
  operations.waits["sleep"] = &sleep;
  operations.waits["call"] = &call;
  operations.waits["await"] = &await_thing;
  operations.waits["await_self"] = &await_self;
  operations.acts["spawn"] = &spawn;
  operations.acts["cancel"] = &cancel;
  operations.acts["state"] = &state;
  operations.acts["log"] = &log;
  operations.acts["raise"] = &fail;
  operations.acts["return"] = &give_back;
  operations.acts["block"] = &block;
  operations.acts["stop"] = &stop;
}

}  // namespace fuzz
