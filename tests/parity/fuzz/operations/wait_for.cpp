// wait_for()
#include <asyncio/wait_for.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

Coro<int> waiting(Machine& machine, Arguments words) {
  std::vector<Argument> one = machine.awaitables(words.from(1));
  if (auto* coroutine = std::get_if<Coro<int>>(&one.front()))
    return asyncio::wait_for(std::move(*coroutine), words.timeout(0));
  return asyncio::wait_for(std::get<asyncio::Future<int>>(one.front()), words.timeout(0));
}

Coro<> wait_for(Machine& machine, Arguments words) {
  const std::string& what = words.word(1);
  if (what[0] != 'b') {
    const auto thing = machine.number(what);
    if (!thing || Machine::is_current(*thing)) co_return;
  }
  Coro<int> result = waiting(machine, words);
  const int value = co_await result;
  machine.log("got " + std::to_string(value));
}

}  // namespace

void add_wait_for(Operations& operations) { operations.waits["wait_for"] = &wait_for; }

}  // namespace fuzz
