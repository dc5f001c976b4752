// shield()
#include <asyncio/shield.hpp>

#include "registry.hpp"

namespace fuzz {

namespace {

void shield(Machine& machine, Arguments words) {
  for (Argument& one : machine.awaitables(words)) {
    machine.add(
        shield_thing(std::visit([](auto& each) { return asyncio::shield(std::move(each)); }, one)));
  }
}

}  // namespace

void add_shield(Operations& operations) { operations.acts["shield"] = &shield; }

}  // namespace fuzz
