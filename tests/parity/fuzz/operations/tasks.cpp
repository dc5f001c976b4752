// What tasks know of themselves, and tasks that begin at once.
#include <asyncio/task_factory.hpp>

#include "registry.hpp"

namespace fuzz {

namespace {

void tasks(Machine& machine, Arguments) {
  machine.log("tasks " + std::to_string(asyncio::all_tasks(machine.loop()).size()));
}

void cancelling(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (thing && thing->task())
    machine.log("cancelling " + std::to_string(thing->task()->cancelling()));
}

void uncancel(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (thing && thing->task()) machine.log("uncancel " + std::to_string(thing->task()->uncancel()));
}

void uncancel_self(Machine& machine, Arguments) {
  const auto task = asyncio::current_task();
  if (!task) return;
  const std::string left = std::to_string(task->uncancel());
  machine.log("uncancel " + left + " of " + std::to_string(task->cancelling()));
}

void cancel_self(Machine& machine, Arguments words) {
  if (const auto task = asyncio::current_task())
    machine.log("cancel " +
                std::to_string(task->cancel(words.size() > 0 ? "c" + words.word(0) : "")));
}

void eager(Machine& machine, Arguments words) {
  const std::string name = machine.next_task_name();
  asyncio::Task<int> task(machine.body(words.number(0)), asyncio::eager_start, name);
  machine.add(task_thing(std::move(task)));
}

void eager_factory(Machine& machine, Arguments words) {
  const bool on = Machine::at(words.number(0), 2) == 1;
  machine.loop().set_task_factory(on ? asyncio::TaskFactory(&asyncio::eager_task_factory)
                                     : asyncio::TaskFactory());
}

void name(Machine& machine, Arguments words) {
  const auto thing = machine.thing(words.word(0));
  if (!thing || !thing->task()) return;
  asyncio::Task<int> task = *thing->task();
  task.set_name("n" + words.word(1));
  machine.log("name " + task.get_name());
}

}  // namespace

void add_tasks(Operations& operations) {
  operations.acts["tasks"] = &tasks;
  operations.acts["cancelling"] = &cancelling;
  operations.acts["uncancel"] = &uncancel;
  operations.acts["uncancel_self"] = &uncancel_self;
  operations.acts["cancel_self"] = &cancel_self;
  operations.acts["eager"] = &eager;
  operations.acts["eager_factory"] = &eager_factory;
  operations.acts["name"] = &name;
}

}  // namespace fuzz
