#include "support/programs.hpp"

#include <array>
#include <deque>
#include <memory>

#include "support/combinator_programs.hpp"

namespace asyncio {

namespace {

using namespace std::chrono_literals;

// No coroutine here captures: a child may outlive the frame, and so the lambda, that made it.

// Notes that it was left.
class Scope {
 public:
  Scope(Journal& journal, std::string name) : journal_(journal), name_(std::move(name)) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() { journal_.note("left " + name_); }

 private:
  Journal& journal_;
  std::string name_;
};

Coro<> sleeper(Journal& journal, std::string name, Duration delay) {
  const Scope scope(journal, name);
  journal.note(name + " begins");
  co_await sleep(delay);
  journal.note(name + " ends");
}

Coro<> hello(Journal& journal) {
  journal.note("Start");
  co_await sleep(1ms);
  journal.note("Done!");
}

Coro<> sleepers(Journal& journal) {
  co_await gather(sleeper(journal, "c", 30ms), sleeper(journal, "a", 10ms),
                  sleeper(journal, "b", 20ms));
}

Coro<> yields(Journal& journal) {
  const auto counts = [](Journal& journal, std::string name, int count) -> Coro<int> {
    for (int round = 0; round < count; ++round) {
      journal.note(name + std::to_string(round));
      co_await sleep(0s);
    }
    co_return count;
  };
  const auto [a, b] = co_await gather(counts(journal, "a", 3), counts(journal, "b", 5));
  journal.note(std::to_string(a + b));
}

Coro<int> fibonacci(int n) {
  if (n < 2) {
    co_await sleep(0s);
    co_return n;
  }
  const Task<int> left = create_task(fibonacci(n - 1));
  const int right = co_await fibonacci(n - 2);
  co_return co_await left + right;
}

Coro<> tree(Journal& journal) { journal.note(std::to_string(co_await fibonacci(7))); }

Coro<> fails(Journal& journal, std::string what) {
  const Scope scope(journal, what);
  co_await sleep(1ms);
  throw std::runtime_error(what);
}

Coro<> passes_on(Journal& journal, std::string what) {
  const Scope scope(journal, "outer of " + what);
  co_await fails(journal, what);
}

Coro<> exceptions(Journal& journal) {
  try {
    co_await passes_on(journal, "direct");
  } catch (const std::runtime_error& error) {
    journal.note(error.what());
  }
  try {
    co_await gather(passes_on(journal, "first"), passes_on(journal, "second"));
  } catch (const std::runtime_error& error) {
    journal.note(error.what());
  }
  const auto [outcome] = co_await gather(return_exceptions, passes_on(journal, "kept"));
  journal.note(describe(outcome.exception()));
}

Coro<> stubborn(Journal& journal, int refusals) {
  for (int refused = 0;; ++refused) {
    try {
      co_await sleep(10s);
    } catch (const CancelledError& error) {
      journal.note(std::string("cancelled ") + error.what());
      if (refused == refusals) throw;
    }
  }
}

Coro<> cancellation(Journal& journal) {
  const Task<> never_started = create_task(stubborn(journal, 0));
  never_started.cancel();
  const Task<> task = create_task(stubborn(journal, 2));
  for (int request = 0; request < 3; ++request) {
    co_await sleep(0s);
    task.cancel(std::to_string(request));
  }
  try {
    co_await task;
  } catch (const CancelledError&) {
    journal.note("gone");
  }
  const auto waits_for_both = [](Journal& journal) -> Coro<> {
    co_await gather(stubborn(journal, 0), stubborn(journal, 1));
  };
  const Task<> both = create_task(waits_for_both(journal));
  co_await sleep(0s);
  co_await sleep(0s);
  both.cancel("both");
  co_await sleep(0s);
  both.cancel("again");
  journal.note(describe(std::get<0>(co_await gather(return_exceptions, both)).exception()));
}

Coro<> futures(Journal& journal) {
  EventLoop& loop = get_running_loop();
  const Future<int> future = loop.create_future<int>();
  future.add_done_callback([&](const Future<int>& done) {
    journal.note("called with " + std::to_string(done.result()));
  });
  const Handle removed = future.add_done_callback([](const Future<int>&) {});
  future.remove_done_callback(removed);
  loop.call_later(2ms, [future] { future.set_result(42); });
  TimerHandle never = loop.call_later(1ms, [&] { journal.note("never"); });
  never.cancel();
  const auto waits = [](Journal& journal, Future<int> future, std::string name) -> Coro<> {
    journal.note(name + std::to_string(co_await future));
  };
  create_task(waits(journal, future, "a"));
  create_task(waits(journal, future, "b"));
  journal.note("main " + std::to_string(co_await future));
  co_await sleep(0s);
  const Future<> lost = loop.create_future();
  lost.cancel();
  try {
    co_await lost;
  } catch (const CancelledError&) {
    journal.note("lost");
  }
}

// A queue of futures, as the library's own will be: a producer and two consumers.
class Channel {
 public:
  void put(int value) {
    values_.push_back(value);
    if (!waiters_.empty()) {
      const Future<> waiter = waiters_.front();
      waiters_.pop_front();
      if (!waiter.done()) waiter.set_result();
    }
  }
  Coro<int> get() {
    while (values_.empty()) {
      const Future<> waiter = get_running_loop().create_future();
      waiters_.push_back(waiter);
      co_await waiter;
    }
    const int value = values_.front();
    values_.pop_front();
    co_return value;
  }

 private:
  std::deque<int> values_;
  std::deque<Future<>> waiters_;
};

Coro<> producer_and_consumers(Journal& journal) {
  const auto channel = std::make_shared<Channel>();
  const auto consume = [](Journal& journal, std::shared_ptr<Channel> channel,
                          std::string name) -> Coro<> {
    const Scope scope(journal, name);
    for (;;) journal.note(name + " got " + std::to_string(co_await channel->get()));
  };
  const Task<> a = create_task(consume(journal, channel, "a"));
  const Task<> b = create_task(consume(journal, channel, "b"));
  for (int value = 0; value < 6; ++value) {
    channel->put(value);
    if (value % 3 == 2) co_await sleep(1ms);
  }
  a.cancel();
  b.cancel();
  co_await gather(return_exceptions, a, b);
}

// Destructors that reach into the loop, whenever they run.
Coro<> scopes(Journal& journal) {
  struct Releases {
    Future<> waiting;
    Task<> other;
    TimerHandle timer;
    ~Releases() {
      timer.cancel();
      other.cancel();
      if (!waiting.done()) waiting.set_result();
    }
  };
  const Future<> released = get_running_loop().create_future();
  const auto holds = [](Journal& journal, Future<> released) -> Coro<> {
    const Releases releases{released, create_task(sleeper(journal, "other", 10s)),
                            get_running_loop().call_later(10s, [&] { journal.note("never"); })};
    co_await sleep(3ms);
  };
  const auto waits = [](Journal& journal, Future<> released) -> Coro<> {
    const Scope scope(journal, "waits");
    co_await released;
    journal.note("released");
  };
  co_await gather(holds(journal, released), waits(journal, released));
}

Coro<> callbacks(Journal& journal) {
  EventLoop& loop = get_running_loop();
  const Future<> all = loop.create_future();
  const auto left = std::make_shared<int>(5);
  struct Again {
    EventLoop& loop;
    Journal& journal;
    std::shared_ptr<int> left;
    Future<> all;
    void operator()() const {
      journal.note("call " + std::to_string(*left));
      if (--*left > 0) {
        loop.call_soon(*this);
      } else {
        all.set_result();
      }
    }
  };
  loop.call_soon(Again{loop, journal, left, all});
  loop.call_soon_threadsafe([&] { journal.note("threadsafe"); });
  loop.call_later(0s, [&] { journal.note("timer of no delay"); });
  co_await all;
}

// Tasks that nobody holds, and a main that returns before they end.
Coro<> left_over(Journal& journal) {
  create_task(sleeper(journal, "long", 10s));
  create_task(sleeper(journal, "short", 1ms));
  {
    const auto dropped = gather(sleeper(journal, "x", 10s), sleeper(journal, "y", 10s));
  }
  const auto keeps_itself = [](Journal& journal) -> Coro<> {
    const Scope scope(journal, "keeps itself");
    const Future<> own = get_running_loop().create_future();
    co_await own;
  };
  create_task(keeps_itself(journal));
  co_await sleep(5ms);
  journal.note("main returns");
}

Coro<> chain(Journal& journal) {
  const auto waits_for = [](Task<int> task) -> Coro<int> { co_return co_await task + 1; };
  const auto first = []() -> Coro<int> {
    co_await sleep(1ms);
    co_return 0;
  };
  Task<int> last = create_task(first());
  for (int link = 0; link < 10; ++link) last = create_task(waits_for(last));
  journal.note(std::to_string(co_await last));
}

constexpr std::array kPrograms = {
    TestProgram{"hello", &hello, true},
    TestProgram{"sleepers", &sleepers, true},
    TestProgram{"yields", &yields, true},
    TestProgram{"tree", &tree, true},
    TestProgram{"exceptions", &exceptions, true},
    TestProgram{"cancellation", &cancellation, true},
    TestProgram{"futures", &futures, true},
    TestProgram{"producer_and_consumers", &producer_and_consumers, true},
    TestProgram{"scopes", &scopes, true},
    TestProgram{"callbacks", &callbacks, true},
    TestProgram{"left_over", &left_over, false},
    TestProgram{"chain", &chain, true},
    TestProgram{"timeouts", &timeouts_program, false},
    TestProgram{"waits", &waits_program, false},
    TestProgram{"task_groups", &task_groups_program, false},
    TestProgram{"nurseries", &nurseries_program, false},
    TestProgram{"channels", &channels_program, true},
};

}  // namespace

std::span<const TestProgram> test_programs() { return kPrograms; }

}  // namespace asyncio
