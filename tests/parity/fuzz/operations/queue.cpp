// Queue, PriorityQueue and LifoQueue: without a limit, of one, of two, and of two.
#include <asyncio/queue.hpp>

#include "registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

struct Queues {
  std::array<asyncio::Queue<int>, 4> all{asyncio::Queue<int>(), asyncio::Queue<int>(1),
                                         asyncio::PriorityQueue<int>(2),
                                         asyncio::LifoQueue<int>(2)};
};

const asyncio::Queue<int>& queue_at(Machine& machine, Arguments words) {
  return machine.state<Queues>().all[Machine::at(words.number(0), 4)];
}

Coro<> put(Machine& machine, Arguments words) {
  co_await queue_at(machine, words).put(words.number(1));
  machine.log("put");
}

Coro<> get(Machine& machine, Arguments words) {
  const int item = co_await queue_at(machine, words).get();
  machine.log("got " + std::to_string(item));
}

void put_nowait(Machine& machine, Arguments words) {
  queue_at(machine, words).put_nowait(words.number(1));
}

void get_nowait(Machine& machine, Arguments words) {
  machine.log("got " + std::to_string(queue_at(machine, words).get_nowait()));
}

Coro<> join(Machine& machine, Arguments words) {
  co_await queue_at(machine, words).join();
  machine.log("joined");
}

void task_done(Machine& machine, Arguments words) { queue_at(machine, words).task_done(); }

void state(Machine& machine, Arguments words) {
  const asyncio::Queue<int>& one = queue_at(machine, words);
  machine.log("size " + std::to_string(one.qsize()) + " of " + std::to_string(one.maxsize()) +
              " empty " + std::to_string(one.empty()) + " full " + std::to_string(one.full()));
}

void shutdown(Machine& machine, Arguments words) {
  queue_at(machine, words).shutdown(words.number(1) % 2 == 1);
}

}  // namespace

void add_queue(Operations& operations) {
  operations.waits["queue.put"] = &put;
  operations.waits["queue.get"] = &get;
  operations.waits["queue.join"] = &join;
  operations.acts["queue.put_nowait"] = &put_nowait;
  operations.acts["queue.get_nowait"] = &get_nowait;
  operations.acts["queue.task_done"] = &task_done;
  operations.acts["queue.state"] = &state;
  operations.acts["queue.shutdown"] = &shutdown;
}

}  // namespace fuzz
