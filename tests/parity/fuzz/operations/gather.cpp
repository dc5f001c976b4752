// gather()
#include "registry.hpp"

namespace fuzz {

namespace {

// "keep 2 b1": of the third thing and a new coroutine of body 1.
void gather(Machine& machine, Arguments words) {
  std::vector<Argument> arguments = machine.awaitables(words.from(1));
  if (!arguments.empty()) machine.add(gather_thing(words.word(0) == "keep", std::move(arguments)));
}

// The same of a vector.
void gather_list(Machine& machine, Arguments words) {
  std::vector<asyncio::Future<int>> futures;
  for (std::size_t index = 1; index < words.size(); ++index)
    if (const auto thing = machine.number(words.word(index))) futures.push_back(*thing->number());
  if (!futures.empty()) machine.add(gather_thing(words.word(0) == "keep", std::move(futures)));
}

}  // namespace

void add_gather(Operations& operations) {
  operations.acts["gather"] = &gather;
  operations.acts["gather_list"] = &gather_list;
}

}  // namespace fuzz
