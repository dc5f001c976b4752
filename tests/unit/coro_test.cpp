#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class CoroTest : public LoopTest {
 public:
  Coro<> notes_it(std::string what) {
    note(std::move(what));
    co_return;
  }
};

TEST_F(CoroTest, BodyDoesNotRunUntilItIsAwaited) {
  const auto main = [&]() -> Coro<> {
    Coro<> coro = notes_it("body");
    note("made");
    co_await coro;
    note("awaited");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"made", "body", "awaited"}));
}

TEST_F(CoroTest, AwaitingCostsNoTurn) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    for (int round = 0; round < 100; ++round) co_await notes_it("x");
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 0U);
}

TEST_F(CoroTest, NeverAwaitedIsWarnedAbout) {
  const auto held = std::make_shared<int>();
  const auto holds = [](std::shared_ptr<int>) -> Coro<> { co_return; };
  {
    const Coro<> forgotten = holds(held);
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'lambda' was never awaited"});
  {
    const Coro<> forgotten = notes_it("never");
  }
  EXPECT_EQ(messages(), Messages{"warning: coroutine 'notes_it' was never awaited"});
  EXPECT_EQ(notes, Notes{});
}

TEST_F(CoroTest, AwaitedTwiceThrows) {
  const auto main = [&]() -> Coro<> {
    Coro<> coro = notes_it("body");
    co_await coro;
    try {
      co_await coro;
    } catch (const RuntimeError& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"body", "cannot reuse already awaited coroutine"}));
}

TEST_F(CoroTest, AwaitedWhileItRunsInAnotherTaskThrows) {
  const auto sleeps = []() -> Coro<> { co_await sleep(1s); };
  Coro<> coro = sleeps();
  const auto main = [&]() -> Coro<> {
    try {
      co_await coro;
      note("slept");
    } catch (const RuntimeError& error) {
      note(error.what());
    }
  };
  const Task<> first = loop->create_task(main());
  const Task<> second = loop->create_task(main());
  loop->run_until_complete<void>(first);
  EXPECT_EQ(notes, (Notes{"cannot reuse already awaited coroutine", "slept"}));
}

TEST_F(CoroTest, MovedFromCannotBeAwaited) {
  const auto main = [&]() -> Coro<> {
    Coro<> coro = notes_it("body");
    const Coro<> taken = std::move(coro);
    try {
      co_await coro;  // NOLINT(bugprone-use-after-move)
    } catch (const RuntimeError& error) {
      note(error.what());
    }
    co_await taken;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cannot reuse already awaited coroutine", "body"}));
}

TEST_F(CoroTest, AssigningSwapsAndWarnsForTheOneThatGoes) {
  const auto main = [&]() -> Coro<> {
    Coro<> coro = notes_it("first");
    coro = notes_it("second");
    EXPECT_EQ(messages(), Messages{"warning: coroutine 'notes_it' was never awaited"});
    co_await coro;
  };
  run(main());
  EXPECT_EQ(notes, Notes{"second"});
}

TEST_F(CoroTest, ExceptionsRiseThroughNestedAwaits) {
  struct Scope {
    CoroTest* test;
    const char* name;
    ~Scope() { test->note(name); }
  };
  const auto inner = [&]() -> Coro<> {
    const Scope scope{this, "inner"};
    co_await sleep(1s);
    throw std::runtime_error("boom");
  };
  const auto middle = [&]() -> Coro<int> {
    const Scope scope{this, "middle"};
    co_await inner();
    co_return 1;
  };
  const auto outer = [&]() -> Coro<> {
    try {
      co_await middle();
    } catch (const std::runtime_error& error) {
      note(std::string("caught ") + error.what());
    }
    co_await sleep(1s);
    note("goes on");
  };
  run(outer());
  EXPECT_EQ(notes, (Notes{"inner", "middle", "caught boom", "goes on"}));
}

TEST_F(CoroTest, ExceptionBeforeTheFirstAwaitIsThrownToWhoAwaits) {
  const auto fails = []() -> Coro<> {
    throw std::runtime_error("at once");
    co_return;
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] { run(fails()); }), "at once");
}

TEST_F(CoroTest, AnythingCanBeThrown) {
  const auto fails = []() -> Coro<> {
    throw 42;
    co_return;
  };
  const auto main = [&]() -> Coro<> {
    try {
      co_await fails();
    } catch (int number) {
      note(std::to_string(number));
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"42"});
}

TEST_F(CoroTest, ResultsMayBeMoveOnly) {
  const auto makes = [](int value) -> Coro<std::unique_ptr<int>> {
    co_return std::make_unique<int>(value);
  };
  const auto main = [&]() -> Coro<int> {
    std::unique_ptr<int> direct = co_await makes(1);
    std::unique_ptr<int> of_task = co_await create_task(makes(2));
    co_return *direct * 10 + *of_task;
  };
  EXPECT_EQ(run(main()), 12);
  EXPECT_EQ(*run(makes(7)), 7);
}

TEST_F(CoroTest, ResultsMayLackADefaultConstructor) {
  struct Value {
    explicit Value(int number) : number(number) {}
    int number;
  };
  const auto makes = []() -> Coro<Value> { co_return Value(7); };
  EXPECT_EQ(run(makes()).number, 7);
}

TEST_F(CoroTest, ResultsConvert) {
  const auto text = []() -> Coro<std::string> { co_return "literal"; };
  EXPECT_EQ(run(text()), "literal");
  const auto number = []() -> Coro<double> { co_return 1; };
  EXPECT_EQ(run(number()), 1.0);
}

TEST_F(CoroTest, ResultsMayReferByWrapper) {
  int value = 1;
  const auto refers = [&]() -> Coro<std::reference_wrapper<int>> { co_return std::ref(value); };
  run(refers()).get() = 2;
  EXPECT_EQ(value, 2);
}

TEST_F(CoroTest, ParametersLiveAsLongAsTheCoroutine) {
  const auto counts = [](std::shared_ptr<int> held) -> Coro<long> {
    co_await sleep(1s);
    co_return held.use_count();
  };
  const auto held = std::make_shared<int>();
  EXPECT_EQ(run(counts(held)), 2);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(CoroTest, MayBeRecursive) {
  struct Fibonacci {
    static Coro<int> of(int n) {
      if (n < 2) co_return n;
      const int a = co_await of(n - 1);
      const int b = co_await of(n - 2);
      co_return a + b;
    }
  };
  EXPECT_EQ(run(Fibonacci::of(12)), 144);
}

TEST_F(CoroTest, ParametersGoWhenTheBodyEndsBeforeTheCallerGoesOn) {
  struct Parameter {
    CoroTest* test;
    explicit Parameter(CoroTest* test) : test(test) {}
    Parameter(Parameter&& other) noexcept : test(std::exchange(other.test, nullptr)) {}
    ~Parameter() {
      if (test) test->note("parameter gone");
    }
  };
  const auto takes = [](Parameter, bool fail) -> Coro<std::string> {
    co_await sleep(1s);
    if (fail) throw std::runtime_error("failed");
    co_return "result";
  };
  const auto main = [&]() -> Coro<> {
    note(co_await takes(Parameter(this), false));
    try {
      note(co_await takes(Parameter(this), true));
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"parameter gone", "result", "parameter gone", "failed"}));
}

TEST_F(CoroTest, VariableMayGoWhileItsBodyRuns) {
  const auto slow = [&]() -> Coro<> {
    co_await sleep(1s);
    note("body ends");
  };
  std::optional<Coro<>> variable(slow());
  const auto main = [&]() -> Coro<> {
    co_await *variable;
    note("awaited");
  };
  loop->call_later(500ms, [&] { variable.reset(); });
  run(main());
  EXPECT_EQ(notes, (Notes{"body ends", "awaited"}));
}

TEST_F(CoroTest, ResultIsMovedOutOnceAndMayThrowWhileItIs) {
  struct ThrowsWhenMoved {
    int moves = 0;
    ThrowsWhenMoved() = default;
    ThrowsWhenMoved(ThrowsWhenMoved&& other) : moves(other.moves + 1) {
      if (moves == 2) throw std::runtime_error("moved twice");
    }
    ~ThrowsWhenMoved() {}
  };
  const auto makes = []() -> Coro<ThrowsWhenMoved> { co_return ThrowsWhenMoved(); };
  const auto main = [&]() -> Coro<> {
    try {
      co_await makes();
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  };
  run(main());
  EXPECT_EQ(notes, Notes{"moved twice"});
}

// Something of the user's own that can be awaited, as documented: through operator co_await.
struct Ticket {
  Future<int> future;
  auto operator co_await() const { return detail::FutureAwaiter<int>(future.shared()); }
};

TEST_F(CoroTest, AwaitsWhatOffersOperatorCoAwait) {
  const auto main = [&]() -> Coro<int> {
    const Ticket ticket{loop->create_future<int>()};
    loop->call_later(1s, [=] { ticket.future.set_result(7); });
    co_return co_await ticket;
  };
  EXPECT_EQ(run(main()), 7);
}

}  // namespace
}  // namespace asyncio
