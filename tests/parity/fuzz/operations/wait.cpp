// wait()
#include <asyncio/wait.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

asyncio::ReturnWhen when_of(const std::string& word) {
  if (word == "first") return asyncio::FIRST_COMPLETED;
  return word == "error" ? asyncio::FIRST_EXCEPTION : asyncio::ALL_COMPLETED;
}

// In the order in which the program made them, for asyncio's sets have none.
std::string indices(const Machine& machine, const std::vector<asyncio::Future<int>>& futures) {
  std::string text;
  for (std::size_t index = 0; index < machine.things().size(); ++index) {
    const asyncio::Future<int>* future = machine.things()[index]->number();
    if (future && std::find(futures.begin(), futures.end(), *future) != futures.end())
      text += (text.empty() ? "" : ", ") + std::to_string(index);
  }
  return "[" + text + "]";
}

Coro<> wait(Machine& machine, Arguments words) {
  std::vector<asyncio::Future<int>> futures;
  for (std::size_t index = 2; index < words.size(); ++index) {
    const auto thing = machine.number(words.word(index));
    // Waiting for oneself never ends, and makes no sense of a timeout.
    if (thing && !Machine::is_current(*thing)) futures.push_back(*thing->number());
  }
  const auto waited =
      co_await asyncio::wait(std::move(futures), when_of(words.word(0)), words.timeout(1));
  machine.log("done " + indices(machine, waited.done) + " pending " +
              indices(machine, waited.pending));
}

}  // namespace

void add_wait(Operations& operations) { operations.waits["wait"] = &wait; }

}  // namespace fuzz
