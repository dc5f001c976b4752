#include <thread>

#include "support/loop_test.hpp"

namespace asyncio {
namespace {

// Where the current context is as it was at the end of every test.
class ContextTest : public LoopTest {
 public:
  void note_value() { note(variable.get("unset")); }
  // What `action` throws of type E, as noted.
  template <class E>
  void note_error(std::invocable auto action) {
    note(message_of<E>(action));
  }

  ContextVar<std::string> variable{"variable"};
  const Context here;
};

TEST_F(ContextTest, VariableGivesWhatItWasSetToOrItsDefaultOrThrows) {
  const ContextVar<int> with_default("limit", 10);
  here.run([&] {
    EXPECT_EQ(with_default.get(), 10);
    EXPECT_EQ(with_default.get(20), 20);
    note_error<LookupError>([&] { variable.get(); });
    EXPECT_EQ(variable.get("fallback"), "fallback");
    variable.set("set");
    EXPECT_EQ(variable.get(), "set");
    EXPECT_EQ(variable.get("fallback"), "set");
  });
  EXPECT_EQ(notes, Notes{"<ContextVar name='variable'>"});
}

TEST_F(ContextTest, TokenTakesASetBackAndKnowsWhatWasBefore) {
  here.run([&] {
    auto first = variable.set("first");
    EXPECT_EQ(first.old_value(), std::nullopt);
    auto second = variable.set("second");
    EXPECT_EQ(second.old_value(), "first");
    variable.reset(second);
    EXPECT_EQ(variable.get(), "first");
    variable.reset(first);
    note_value();
    EXPECT_EQ(&first.var(), &variable);
  });
  EXPECT_EQ(notes, Notes{"unset"});
}

TEST_F(ContextTest, TokenServesOnceItsOwnVariableInItsOwnContext) {
  here.run([&] {
    auto token = variable.set("value");
    const ContextVar<std::string> other("other");
    note_error<ValueError>([&] { other.reset(token); });
    note_error<ValueError>([&] { copy_context().run([&] { variable.reset(token); }); });
    variable.reset(token);
    note_error<RuntimeError>([&] { variable.reset(token); });
  });
  EXPECT_EQ(notes,
            (Notes{"<Token var=<ContextVar name='variable'>> was created by a different ContextVar",
                   "<Token var=<ContextVar name='variable'>> was created in a different Context",
                   "<Token used var=<ContextVar name='variable'>> has already been used once"}));
}

TEST_F(ContextTest, ContextKeepsWhatIsSetInItAndACopyGoesItsOwnWay) {
  here.run([&] { variable.set("one"); });
  const Context copy = here.copy();
  copy.run([&] { variable.set("two"); });
  EXPECT_EQ(here.get(variable), "one");
  EXPECT_EQ(copy.get(variable), "two");
  EXPECT_EQ(here.size(), 1U);
  EXPECT_TRUE(here.contains(variable));
  EXPECT_FALSE(Context().contains(variable));
  EXPECT_NE(here, copy);
  note_value();
  EXPECT_EQ(notes, Notes{"unset"});
}

TEST_F(ContextTest, RunGivesResultsAndExceptionsAndLeavesTheContextEitherWay) {
  EXPECT_EQ(here.run([](int a, int b) { return a + b; }, 2, 3), 5);
  note_error<std::runtime_error>([&] {
    here.run([&] {
      variable.set("inside");
      throw std::runtime_error("out of it");
    });
  });
  note_value();
  EXPECT_EQ(here.get(variable), "inside");
  EXPECT_EQ(notes, (Notes{"out of it", "unset"}));
}

TEST_F(ContextTest, CannotBeEnteredTwice) {
  here.run([&] { note_error<RuntimeError>([&] { here.run([] {}); }); });
  EXPECT_EQ(notes, Notes{"cannot enter context: <Context> is already entered"});
}

TEST_F(ContextTest, CannotBeEnteredWhileATaskOrACallbackRunsInIt) {
  const auto enters = [&] { note_error<RuntimeError>([&] { here.run([] {}); }); };
  const auto main = [&]() -> Coro<> {
    enters();
    co_await sleep(0s);
    enters();
  };
  const Task<> task = loop->create_task(main(), "", here);
  loop->call_soon(enters, here);
  turns(2);
  EXPECT_EQ(notes, Notes(3, "cannot enter context: <Context> is already entered"));
  EXPECT_EQ(here.run([] { return "left"; }), std::string("left"));
}

TEST_F(ContextTest, CannotBeEnteredByATaskInWhoseFirstVariableItBegan) {
  const auto main = [&]() -> Coro<> {
    variable.set("mine");
    const Context mine = current_task()->get_context();
    EXPECT_EQ(mine.get(variable), "mine");
    note_error<RuntimeError>([&] { mine.run([] {}); });
    co_await sleep(0s);
    note_error<RuntimeError>([&] { mine.run([] {}); });
    note_value();
  };
  run(main());
  const std::string refused = "cannot enter context: <Context> is already entered";
  EXPECT_EQ(notes, (Notes{refused, refused, "mine"}));
}

TEST_F(ContextTest, TaskTellsItsOwnContextFromWithinAnotherOne) {
  const auto main = [&]() -> Coro<> {
    Context mine;
    here.run([&] {
      variable.set("elsewhere");
      mine = current_task()->get_context();
    });
    EXPECT_NE(mine, here);
    variable.set("mine");
    EXPECT_EQ(mine.get(variable), "mine");
    co_return;
  };
  run(main());
  EXPECT_EQ(here.get(variable), "elsewhere");
}

TEST_F(ContextTest, CallbackWhoseContextIsEnteredFurtherOutDoesNotRun) {
  here.run([&] {
    loop->call_soon([&] { note("ran"); }, here);
    turns(1);
  });
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Exception in callback")) << said[0];
  EXPECT_NE(said[0].find("cannot enter context: <Context> is already entered"), std::string::npos);
  EXPECT_EQ(notes, Notes{});
}

TEST_F(ContextTest, TaskWhoseContextIsEnteredFurtherOutNeverGoesOn) {
  const auto main = [&]() -> Coro<> {
    note("ran");
    co_return;
  };
  {
    const Task<> task = loop->create_task(main(), "stuck", here);
    here.run([&] { turns(2); });
    EXPECT_FALSE(task.done());
    const Messages said = messages();
    ASSERT_EQ(said.size(), 1U);
    EXPECT_NE(said[0].find("cannot enter context"), std::string::npos) << said[0];
  }
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Task was destroyed but it is pending!")) << said[0];
  EXPECT_EQ(notes, Notes{});
}

TEST_F(ContextTest, CannotBeEnteredWhileAnotherThreadIsInIt) {
  here.run(
      [&] { std::thread([&] { note_error<RuntimeError>([&] { here.run([] {}); }); }).join(); });
  EXPECT_EQ(notes, Notes{"cannot enter context: <Context> is already entered"});
}

TEST_F(ContextTest, HoldsManyVariables) {
  std::vector<std::unique_ptr<ContextVar<int>>> variables;
  here.run([&] {
    for (int index = 0; index < 100; ++index) {
      variables.push_back(std::make_unique<ContextVar<int>>("v" + std::to_string(index)));
    }
    for (int index = 99; index >= 0; --index) variables[index]->set(index);
    for (int index = 0; index < 100; ++index) EXPECT_EQ(variables[index]->get(), index);
  });
  EXPECT_EQ(here.size(), 100U);
}

TEST_F(ContextTest, CallbackRunsInACopyMadeWhenItWasScheduled) {
  here.run([&] {
    variable.set("at scheduling");
    loop->call_soon([&] {
      note_value();
      variable.set("in the callback");
      note_value();
      loop->call_soon([&] { note_value(); });
    });
    loop->call_later(1s, [&] { note_value(); });
    variable.set("afterwards");
  });
  turns(2);
  time->advance(2s);
  turns(1);
  EXPECT_EQ(notes, (Notes{"at scheduling", "in the callback", "in the callback", "at scheduling"}));
  EXPECT_EQ(here.get(variable), "afterwards");
}

TEST_F(ContextTest, WhatACallbackSetsFirstIsGoneWithIt) {
  loop->call_soon([&] {
    variable.set("mine");
    note_value();
  });
  loop->call_soon([&] { note_value(); });
  loop->call_soon([&] {
    variable.set("mine, too");
    throw std::runtime_error("and it fails");
  });
  loop->call_soon([&] { note_value(); });
  turns(1);
  note_value();
  messages();
  EXPECT_EQ(notes, (Notes{"mine", "unset", "unset", "unset"}));
}

TEST_F(ContextTest, TaskHasACopyForAllItsSteps) {
  const auto child = [&]() -> Coro<> {
    note_value();
    variable.set("child");
    co_await sleep(2s);
    note_value();
  };
  const auto main = [&]() -> Coro<> {
    variable.set("main");
    const Task<> task = create_task(child());
    co_await sleep(1s);
    variable.set("main, later");
    co_await task;
    note_value();
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"main", "child", "main, later"}));
  note_value();
  EXPECT_EQ(notes.back(), "unset");
}

TEST_F(ContextTest, AwaitedCoroutineSharesTheContextOfItsTask) {
  const auto sets = [&]() -> Coro<> {
    variable.set("by what it awaited");
    co_return;
  };
  const auto main = [&]() -> Coro<> {
    co_await sets();
    note_value();
  };
  run(main());
  EXPECT_EQ(notes, Notes{"by what it awaited"});
}

TEST_F(ContextTest, TaskRunsInTheContextItIsGiven) {
  const auto sets = [&](std::string value) -> Coro<> {
    note_value();
    variable.set(std::move(value));
    co_await sleep(0s);
    note_value();
  };
  const auto main = [&]() -> Coro<> {
    const Task<> first = create_task(sets("first"), "", here);
    const Task<> second = create_task(sets("second"), "", here);
    EXPECT_EQ(first.get_context(), here);
    co_await gather(first, second);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"unset", "first", "second", "second"}));
  EXPECT_EQ(here.get(variable), "second");
}

TEST_F(ContextTest, CallbacksRunInTheContextTheyAreGiven) {
  const auto sets = [&](std::string value) {
    return [this, value] {
      note_value();
      variable.set(value);
    };
  };
  const auto future = loop->create_future<int>();
  loop->call_soon(sets("soon"), here);
  loop->call_later(1s, sets("later"), here);
  future.add_done_callback([&](const Future<int>&) { note_value(); }, here);
  turns(1);
  future.set_result(1);
  turns(1);
  time->advance(1s);
  turns(1);
  EXPECT_EQ(notes, (Notes{"unset", "soon", "soon"}));
  EXPECT_EQ(here.get(variable), "later");
}

TEST_F(ContextTest, DoneCallbackRunsInACopyOfTheContextInWhichItWasAdded) {
  const auto future = loop->create_future<int>();
  here.run([&] {
    variable.set("adding");
    future.add_done_callback([&](const Future<int>&) { note_value(); });
    variable.set("added");
  });
  future.set_result(1);
  turns(1);
  EXPECT_EQ(notes, Notes{"adding"});
}

TEST_F(ContextTest, TaskTellsItsContextWhileItRuns) {
  const auto main = [&]() -> Coro<> {
    const Context mine = current_task()->get_context();
    variable.set("seen from outside");
    note(*mine.get(variable));
    co_await sleep(0s);
    note_value();
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"seen from outside", "seen from outside"}));
}

TEST_F(ContextTest, AsyncGeneratorRunsInTheContextOfWhoAsks) {
  const auto values = [&]() -> AsyncGenerator<std::string> {
    co_yield variable.get("unset");
    co_yield variable.get("unset");
  };
  const auto main = [&]() -> Coro<> {
    auto all = values();
    note(*co_await all.next());
    variable.set("by main");
    note(*co_await all.next());
    co_await all.aclose();
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"unset", "by main"}));
}

TEST_F(ContextTest, ThreadsHaveContextsOfTheirOwnAndCanBeGivenOne) {
  here.run([&] { variable.set("given"); });
  std::string without, with;
  std::thread thread([&] {
    variable.set("the thread's own");
    without = variable.get();
    with = here.run([&] { return variable.get(); });
  });
  thread.join();
  EXPECT_EQ(without, "the thread's own");
  EXPECT_EQ(with, "given");
  note_value();
  EXPECT_EQ(notes, Notes{"unset"});
}

TEST_F(ContextTest, WhatIsSetOutsideOfAnyLoopIsSeenByWhatIsScheduledThere) {
  const auto token = variable.set("outside");
  const auto main = [&]() -> Coro<> {
    note_value();
    variable.set("inside");
    co_return;
  };
  run(main());
  note_value();
  EXPECT_EQ(notes, (Notes{"outside", "outside"}));
  variable.set("");
  const ContextVar<std::string>& again = token.var();
  EXPECT_EQ(&again, &variable);
  detail::release(*std::exchange(detail::current_context, nullptr));
}

}  // namespace
}  // namespace asyncio
