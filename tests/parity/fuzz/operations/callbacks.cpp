// Handles: call_soon, call_later, call_soon_threadsafe, done callbacks.
#include "registry.hpp"

namespace fuzz {

namespace {

struct Callbacks {
  std::vector<asyncio::Handle> handles;
  std::vector<std::pair<std::shared_ptr<Thing>, asyncio::Handle>> registrations;
};

void soon(Machine& machine, Arguments words) {
  machine.state<Callbacks>().handles.push_back(machine.loop().call_soon(machine.action(words)));
}

void threadsafe(Machine& machine, Arguments words) {
  machine.loop().call_soon_threadsafe(machine.action(words));
}

void later(Machine& machine, Arguments words) {
  machine.state<Callbacks>().handles.push_back(
      machine.loop().call_later(words.delay(0), machine.action(words.from(1))));
}

void drop(Machine& machine, Arguments words) {
  auto& handles = machine.state<Callbacks>().handles;
  if (!handles.empty()) handles[Machine::at(words.number(0), handles.size())].cancel();
}

void done(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (!thing) return;
  machine.state<Callbacks>().registrations.emplace_back(
      thing, thing->on_done(machine.action(words.from(1))));
}

void undone(Machine& machine, Arguments words) {
  const auto& registrations = machine.state<Callbacks>().registrations;
  if (registrations.empty()) return;
  const auto& [thing, handle] = registrations[Machine::at(words.number(0), registrations.size())];
  machine.log("undone " + std::to_string(thing->remove(handle)));
}

}  // namespace

void add_callbacks(Operations& operations) {
  operations.acts["soon"] = &soon;
  operations.acts["threadsafe"] = &threadsafe;
  operations.acts["later"] = &later;
  operations.acts["drop"] = &drop;
  operations.acts["done"] = &done;
  operations.acts["undone"] = &undone;
}

}  // namespace fuzz
