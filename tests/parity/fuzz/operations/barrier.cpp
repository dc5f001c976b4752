// Barrier: one of two parties, one of three.
#include <asyncio/barrier.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Barriers {
  std::array<asyncio::Barrier, 2> all{asyncio::Barrier(2), asyncio::Barrier(3)};
};

const asyncio::Barrier& barrier_at(Machine& machine, Arguments words) {
  return machine.state<Barriers>().all[Machine::at(words.number(0), 2)];
}

Coro<> wait(Machine& machine, Arguments words) {
  const std::int64_t place = co_await barrier_at(machine, words).wait();
  machine.log("passed as " + std::to_string(place));
}

Coro<> reset(Machine& machine, Arguments words) {
  co_await barrier_at(machine, words).reset();
  machine.log("reset");
}

Coro<> abort(Machine& machine, Arguments words) {
  co_await barrier_at(machine, words).abort();
  machine.log("aborted");
}

void state(Machine& machine, Arguments words) {
  const asyncio::Barrier& one = barrier_at(machine, words);
  machine.log("parties " + std::to_string(one.parties()) + " waiting " +
              std::to_string(one.n_waiting()) + " broken " + std::to_string(one.broken()));
}

}  // namespace

void add_barrier(Operations& operations) {
  operations.waits["barrier.wait"] = &wait;
  operations.waits["barrier.reset"] = &reset;
  operations.waits["barrier.abort"] = &abort;
  operations.acts["barrier.state"] = &state;
}

}  // namespace fuzz
