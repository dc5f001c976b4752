#include "support/combinator_programs.hpp"

#include <array>

namespace asyncio {

namespace {

using namespace std::chrono_literals;

// No coroutine here captures, as in programs.cpp.

Coro<std::string> work(Journal& journal, std::string name, Duration delay) {
  try {
    co_await sleep(delay);
  } catch (const CancelledError&) {
    journal.note(name + " cancelled");
    throw;
  }
  journal.note(name + " ready");
  co_return name;
}

Coro<> fails(Duration delay, std::string what) {
  co_await sleep(delay);
  throw std::runtime_error(what);
}

// Runs `coro` and notes how it ends; a cancellation from outside passes.
template <class T>
Coro<> attempt(Journal& journal, Coro<T> coro) {
  try {
    co_await coro;
    journal.note("ended");
  } catch (const ExceptionGroup& group) {
    for (const std::exception_ptr& error : group.leaves()) journal.note(describe(error));
  } catch (const std::exception&) {
    journal.note(describe(std::current_exception()));
  }
}

}  // namespace

Coro<> timeouts_program(Journal& journal) {
  co_await attempt(journal, timeout(20ms, work(journal, "in time", 10ms)));
  co_await attempt(journal, timeout(10ms, timeout(30ms, work(journal, "late", 50ms))));
  co_await attempt(journal, wait_for(work(journal, "waited for", 50ms), 10ms));
  co_await attempt(journal, wait_for(create_task(work(journal, "never", 50ms)), 0ms));
  const auto moves = [](Timeout& limit) -> Coro<> {
    limit.reschedule(get_running_loop().time() + 10ms);
    co_await sleep(1h);
  };
  co_await attempt(journal, timeout(1h, moves));
}

Coro<> waits_program(Journal& journal) {
  std::vector<Task<std::string>> tasks;
  static constexpr std::array kDelays{30ms, 10ms, 20ms};
  for (const Duration delay : kDelays)
    tasks.push_back(create_task(work(journal, std::to_string(delay / 1ms), delay)));
  auto [done, pending] = co_await wait(tasks, FIRST_COMPLETED, 50ms);
  journal.note(std::to_string(done.size()) + " done");
  pending[0].cancel();
  auto completed = as_completed(pending, 100ms);
  while (const auto next = co_await completed.next())
    journal.note(next->cancelled() ? "cancelled" : next->result());
  const Task<std::string> inner = create_task(work(journal, "shielded", 20ms));
  co_await attempt(journal, timeout(10ms, shield(inner)));
  co_await inner;
}

Coro<> task_groups_program(Journal& journal) {
  const auto inner = [](Journal& noted) -> Coro<> {
    co_await task_group([&noted](TaskGroup& group) -> Coro<> {
      group.create_task(work(noted, "a", 20ms));
      group.create_task(fails(10ms, "inner"));
      co_await work(noted, "block", 30ms);
    });
  };
  co_await attempt(journal, task_group([&](TaskGroup& group) -> Coro<> {
                     group.create_task(inner(journal));
                     group.create_task(work(journal, "b", 15ms));
                     co_return;
                   }));
  co_await attempt(journal, timeout(10ms, task_group([&](TaskGroup& group) -> Coro<> {
                                      group.create_task(work(journal, "c", 20ms));
                                      co_await work(journal, "d", 30ms);
                                    })));
}

Coro<> nurseries_program(Journal& journal) {
  co_await attempt(journal,
                   move_on_after(40ms, open_nursery([&](Nursery& nursery) -> Coro<> {
                                   nursery.start_soon([&] { return work(journal, "a", 10ms); });
                                   nursery.start_soon([&] { return work(journal, "b", 50ms); });
                                   const int ready = co_await nursery.start<int>(
                                       [&](TaskStatus<int> status) -> Coro<std::string> {
                                         co_await sleep(5ms);
                                         status.started(7);
                                         CancelScope shielded(std::nullopt, true);
                                         co_await shielded.with(work(journal, "shielded", 60ms));
                                         co_return co_await work(journal, "behind", 10ms);
                                       });
                                   journal.note("started " + std::to_string(ready));
                                   nursery.start_soon([&] {
                                     return nursery.start([](TaskStatus<>) { return sleep(1h); });
                                   });
                                 })));
  co_await attempt(journal, open_nursery([&](Nursery& nursery) -> Coro<> {
                     nursery.start_soon([] { return fails(10ms, "no"); });
                     co_await work(journal, "block", 20ms);
                   }));
}

Coro<> channels_program(Journal& journal) {
  const auto sends = [](MemorySendChannel<int> sender, int from) -> Coro<> {
    for (int value = from; value < from + 3; ++value) co_await sender.send(value);
  };
  const auto receives = [](Journal& noted, MemoryReceiveChannel<int> receiver) -> Coro<> {
    while (const std::optional<int> value = co_await receiver.next()) {
      noted.note(std::to_string(*value));
      co_await checkpoint();
    }
  };
  auto [sender, receiver] = open_memory_channel<int>(1);
  std::vector<Coro<>> all;
  all.push_back(sends(sender.clone(), 10));
  all.push_back(sends(std::move(sender), 20));
  all.push_back(receives(journal, receiver.clone()));
  all.push_back(receives(journal, std::move(receiver)));
  co_await gather(std::move(all));
}

}  // namespace asyncio
