// Futures that the program completes itself, and asking any of them for what it has.
#include "registry.hpp"

namespace fuzz {

namespace {

void future(Machine& machine, Arguments) {
  machine.add(future_thing(machine.loop().create_future<int>()));
}

void set_result(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (thing && thing->plain()) thing->plain()->set_result(words.number(1));
}

void set_exception(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (thing && thing->plain()) thing->plain()->set_exception(Failed("f" + words.word(1)));
}

void result(Machine& machine, Arguments words) {
  if (const auto thing = machine.number(words.word(0)))
    machine.log("result " + std::to_string(thing->number()->result()));
}

void exception(Machine& machine, Arguments words) {
  const auto thing = machine.number(words.word(0));
  if (!thing) return;
  const std::exception_ptr error = thing->number()->exception();
  machine.log("exception " + (error ? describe(error) : "none"));
}

}  // namespace

void add_futures(Operations& operations) {
  operations.acts["future"] = &future;
  operations.acts["set"] = &set_result;
  operations.acts["fail"] = &set_exception;
  operations.acts["result"] = &result;
  operations.acts["exception"] = &exception;
}

}  // namespace fuzz
