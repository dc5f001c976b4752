// timeout() and timeout_at()
#include <asyncio/timeout.hpp>

#include "entered.hpp"
#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Timeouts {
  std::vector<asyncio::Timeout*> entered;
};

// What runs under the timeout.
struct Block {
  Machine& machine;
  int index;
  Coro<int> operator()(asyncio::Timeout& scope) const { return run(machine, index, scope); }
  static Coro<int> run(Machine& machine, int index, asyncio::Timeout& scope) {
    const Entered<asyncio::Timeout> entered(machine.state<Timeouts>().entered, scope);
    const int value = co_await machine.body(index);
    co_return value;
  }
};

Coro<> timeout(Machine& machine, Arguments words) {
  Coro<int> guarded = asyncio::timeout(words.timeout(0), Block{machine, words.number(1)});
  const int value = co_await guarded;
  machine.log("called " + std::to_string(value));
}

Coro<> timeout_at(Machine& machine, Arguments words) {
  const asyncio::Instant when = machine.loop().time() + words.delay(0);
  Coro<int> guarded = asyncio::timeout_at(when, Block{machine, words.number(1)});
  const int value = co_await guarded;
  machine.log("called " + std::to_string(value));
}

asyncio::Timeout* entered_at(Machine& machine, Arguments words) {
  const auto& entered = machine.state<Timeouts>().entered;
  return entered.empty() ? nullptr : entered[Machine::at(words.number(0), entered.size())];
}

void reschedule(Machine& machine, Arguments words) {
  asyncio::Timeout* const scope = entered_at(machine, words);
  if (!scope) return;
  std::optional<asyncio::Instant> when;
  if (const auto delay = words.timeout(1)) when = machine.loop().time() + *delay;
  scope->reschedule(when);
  machine.log("rescheduled");
}

void expired(Machine& machine, Arguments words) {
  const asyncio::Timeout* const scope = entered_at(machine, words);
  if (!scope) return;
  const auto when = scope->when();
  machine.log("expired " + std::to_string(scope->expired()) + " when " +
              (when ? std::to_string(machine.since_start(*when)) : "never"));
}

}  // namespace

void add_timeout(Operations& operations) {
  operations.waits["timeout"] = &timeout;
  operations.waits["timeout_at"] = &timeout_at;
  operations.acts["reschedule"] = &reschedule;
  operations.acts["expired"] = &expired;
}

}  // namespace fuzz
