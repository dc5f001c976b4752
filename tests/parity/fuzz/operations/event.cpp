// Event
#include <asyncio/event.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Events {
  std::array<asyncio::Event, 2> all;
};

const asyncio::Event& event_at(Machine& machine, Arguments words) {
  return machine.state<Events>().all[Machine::at(words.number(0), 2)];
}

Coro<> wait(Machine& machine, Arguments words) {
  co_await event_at(machine, words).wait();
  machine.log("it is set");
}

void set_event(Machine& machine, Arguments words) { event_at(machine, words).set(); }

void clear(Machine& machine, Arguments words) { event_at(machine, words).clear(); }

void is_set(Machine& machine, Arguments words) {
  machine.log("is set " + std::to_string(event_at(machine, words).is_set()));
}

}  // namespace

void add_event(Operations& operations) {
  operations.waits["event.wait"] = &wait;
  operations.acts["event.set"] = &set_event;
  operations.acts["event.clear"] = &clear;
  operations.acts["event.is_set"] = &is_set;
}

}  // namespace fuzz
