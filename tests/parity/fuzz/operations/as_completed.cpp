// as_completed()
#include <asyncio/as_completed.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

Coro<> as_completed(Machine& machine, Arguments words) {
  std::vector<asyncio::Future<int>> futures;
  int done = 0;
  for (std::size_t index = 1; index < words.size(); ++index) {
    const auto thing = machine.number(words.word(index));
    if (!thing) continue;
    if (Machine::is_current(*thing)) co_return;
    const asyncio::Future<int>& future = *thing->number();
    if (std::find(futures.begin(), futures.end(), future) != futures.end()) continue;
    futures.push_back(future);
    done += future.done() ? 1 : 0;
  }
  // In which order those come that are done already is up to a set of addresses in asyncio.
  if (done > 1) co_return;
  auto completed = asyncio::as_completed(std::move(futures), words.timeout(0));
  for (Coro<int> next : completed) {
    const int value = co_await next;
    machine.log("next " + std::to_string(value));
  }
  machine.log("no more");
}

}  // namespace

void add_as_completed(Operations& operations) { operations.waits["as_completed"] = &as_completed; }

}  // namespace fuzz
