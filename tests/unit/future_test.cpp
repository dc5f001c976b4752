#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class FutureTest : public LoopTest {
 public:
  template <class T = int>
  Future<T> make() {
    return loop->create_future<T>();
  }
};

TEST_F(FutureTest, IsPendingUntilItsResultIsSet) {
  const Future<int> future = make();
  EXPECT_FALSE(future.done());
  future.set_result(42);
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(future.result(), 42);
  EXPECT_EQ(future.exception(), nullptr);
}

TEST_F(FutureTest, ResultCanBeReadMoreThanOnce) {
  const Future<std::string> future = make<std::string>();
  future.set_result("text");
  EXPECT_EQ(future.result(), "text");
  EXPECT_EQ(future.result(), "text");
}

TEST_F(FutureTest, AskingTooEarlyThrows) {
  const Future<int> future = make();
  EXPECT_EQ(message_of<InvalidStateError>([&] { future.result(); }), "Result is not set.");
  EXPECT_EQ(message_of<InvalidStateError>([&] { future.exception(); }), "Exception is not set.");
}

TEST_F(FutureTest, SettingItTwiceThrows) {
  const Future<int> future = make();
  future.set_result(1);
  EXPECT_EQ(message_of<InvalidStateError>([&] { future.set_result(2); }), "invalid state");
  EXPECT_EQ(message_of<InvalidStateError>([&] { future.set_exception(std::runtime_error("x")); }),
            "invalid state");
  EXPECT_EQ(future.result(), 1);
}

TEST_F(FutureTest, SettingACancelledOneThrows) {
  const Future<int> future = make();
  future.cancel();
  EXPECT_THROW(future.set_result(2), InvalidStateError);
  EXPECT_THROW(future.set_exception(std::runtime_error("x")), InvalidStateError);
  EXPECT_TRUE(future.cancelled());
}

TEST_F(FutureTest, ResultThrowsItsException) {
  const Future<int> future = make();
  future.set_exception(std::out_of_range("too far"));
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(message_of<std::out_of_range>([&] { future.result(); }), "too far");
  EXPECT_EQ(describe(future.exception()), "std::out_of_range: too far");
}

TEST_F(FutureTest, CancellingMakesItsResultThrowCancelledError) {
  const Future<int> future = make();
  EXPECT_TRUE(future.cancel("no longer needed"));
  EXPECT_TRUE(future.done());
  EXPECT_TRUE(future.cancelled());
  EXPECT_EQ(message_of<CancelledError>([&] { future.result(); }), "no longer needed");
  EXPECT_EQ(message_of<CancelledError>([&] { future.exception(); }), "no longer needed");
}

TEST_F(FutureTest, CancellingWhatIsDoneDoesNothing) {
  const Future<int> future = make();
  future.set_result(1);
  EXPECT_FALSE(future.cancel());
  EXPECT_FALSE(future.cancelled());
  const Future<int> cancelled = make();
  EXPECT_TRUE(cancelled.cancel());
  EXPECT_FALSE(cancelled.cancel());
}

TEST_F(FutureTest, CallbacksRunInTheOrderOfRegistrationThroughCallSoon) {
  const Future<int> future = make();
  future.add_done_callback(
      [&](const Future<int>& done) { note("1: " + std::to_string(done.result())); });
  future.add_done_callback([&](const Future<int>&) { note("2"); });
  loop->call_soon([&] { note("scheduled before"); });
  future.set_result(42);
  EXPECT_EQ(notes, Notes{});
  turns(1);
  EXPECT_EQ(notes, (Notes{"scheduled before", "1: 42", "2"}));
}

TEST_F(FutureTest, CallbackAddedToADoneFutureRunsInTheNextTurn) {
  const Future<int> future = make();
  future.set_result(1);
  future.add_done_callback([&](const Future<int>&) { note("called"); });
  EXPECT_EQ(notes, Notes{});
  turns(1);
  EXPECT_EQ(notes, Notes{"called"});
}

TEST_F(FutureTest, CancellingRunsTheCallbacks) {
  const Future<int> future = make();
  future.add_done_callback(
      [&](const Future<int>& done) { note(done.cancelled() ? "cancelled" : "?"); });
  future.cancel();
  turns(1);
  EXPECT_EQ(notes, Notes{"cancelled"});
}

TEST_F(FutureTest, RemovedCallbackNeverRuns) {
  const Future<int> future = make();
  const Handle first = future.add_done_callback([&](const Future<int>&) { note("1"); });
  future.add_done_callback([&](const Future<int>&) { note("2"); });
  const Handle third = future.add_done_callback([&](const Future<int>&) { note("3"); });
  EXPECT_EQ(future.remove_done_callback(third), 1U);
  future.add_done_callback([&](const Future<int>&) { note("4"); });
  EXPECT_EQ(future.remove_done_callback(first), 1U);
  EXPECT_EQ(future.remove_done_callback(first), 0U);
  EXPECT_EQ(future.remove_done_callback(Handle()), 0U);
  future.set_result(1);
  turns(1);
  EXPECT_EQ(notes, (Notes{"2", "4"}));
}

TEST_F(FutureTest, RemovingTheOnlyCallbackLeavesItUsable) {
  const Future<int> future = make();
  const Handle only = future.add_done_callback([&](const Future<int>&) { note("1"); });
  future.remove_done_callback(only);
  future.add_done_callback([&](const Future<int>&) { note("2"); });
  future.set_result(1);
  turns(1);
  EXPECT_EQ(notes, Notes{"2"});
}

TEST_F(FutureTest, CallbackCancelledThroughItsHandleNeverRuns) {
  const Future<int> future = make();
  Handle handle = future.add_done_callback([&](const Future<int>&) { note("1"); });
  handle.cancel();
  future.set_result(1);
  turns(1);
  EXPECT_EQ(notes, Notes{});
}

TEST_F(FutureTest, RemovingACallbackThatIsScheduledAlreadyComesTooLate) {
  const Future<int> future = make();
  const Handle handle = future.add_done_callback([&](const Future<int>&) { note("ran"); });
  future.set_result(1);
  EXPECT_EQ(future.remove_done_callback(handle), 0U);
  turns(1);
  EXPECT_EQ(notes, Notes{"ran"});
}

TEST_F(FutureTest, CallbackMayRemoveAndAddOthersWhileTheyRun) {
  const Future<int> future = make();
  Handle second;
  future.add_done_callback([&](const Future<int>& done) {
    note("first");
    EXPECT_EQ(done.remove_done_callback(second), 0U) << "they are all on their way";
    done.add_done_callback([&](const Future<int>&) { note("added"); });
  });
  second = future.add_done_callback([&](const Future<int>&) { note("second"); });
  future.set_result(1);
  turns(1);
  EXPECT_EQ(notes, (Notes{"first", "second"}));
  turns(1);
  EXPECT_EQ(notes.back(), "added");
}

TEST_F(FutureTest, CallbackOfAFailureIsGivenTheFutureAndMayLookAtIt) {
  const Future<int> future = make();
  future.add_done_callback([&](const Future<int>& failed) { note(describe(failed.exception())); });
  future.set_exception(std::runtime_error("boom"));
  turns(1);
  EXPECT_EQ(notes, Notes{"std::runtime_error: boom"});
}

TEST_F(FutureTest, ExceptionThatResultHasThrownIsNotReported) {
  {
    const Future<int> future = make();
    future.set_exception(std::runtime_error("boom"));
    EXPECT_EQ(message_of<std::runtime_error>([&] { future.result(); }), "boom");
  }
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(FutureTest, CallbackKeepsTheFutureAliveUntilItRan) {
  {
    const Future<std::string> future = make<std::string>();
    future.add_done_callback([&](const Future<std::string>& done) { note(done.result()); });
    future.set_result("alive");
  }
  turns(1);
  EXPECT_EQ(notes, Notes{"alive"});
}

TEST_F(FutureTest, AwaitingGivesTheResultOneTurnAfterItIsSet) {
  const Future<int> future = make();
  const auto waits = [&]() -> Coro<> { note(std::to_string(co_await future)); };
  const Task<> task = loop->create_task(waits());
  turns(3);
  EXPECT_FALSE(task.done());
  future.set_result(42);
  EXPECT_EQ(notes, Notes{});
  turns(1);
  EXPECT_EQ(notes, Notes{"42"});
}

TEST_F(FutureTest, AwaitingADoneOneCostsNoTurn) {
  const Future<int> future = make();
  future.set_result(1);
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    for (int round = 0; round < 10; ++round) co_await future;
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 0U);
}

TEST_F(FutureTest, SeveralMayAwaitItAndAreResumedInOrder) {
  const Future<std::string> future = make<std::string>();
  const auto waits = [&](int number) -> Coro<> { note(std::to_string(number) + co_await future); };
  for (int number = 0; number < 3; ++number) loop->create_task(waits(number));
  turns(1);
  future.set_result("!");
  turns(1);
  EXPECT_EQ(notes, (Notes{"0!", "1!", "2!"}));
}

TEST_F(FutureTest, AwaitingThrowsItsException) {
  const Future<> future = make<void>();
  const auto waits = [&]() -> Coro<> {
    try {
      co_await future;
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  };
  loop->call_later(1s, [&] { future.set_exception(std::runtime_error("boom")); });
  run(waits());
  EXPECT_EQ(notes, Notes{"boom"});
}

TEST_F(FutureTest, AwaitingOneThatIsCancelledThrowsCancelledError) {
  const Future<> future = make<void>();
  const auto waits = [&]() -> Coro<> {
    try {
      co_await future;
    } catch (const CancelledError& error) {
      note(error.what());
    }
  };
  loop->call_later(1s, [&] { future.cancel("message"); });
  run(waits());
  EXPECT_EQ(notes, Notes{"message"});
}

TEST_F(FutureTest, ResultThatCannotBeCopiedIsMovedOut) {
  const Future<std::unique_ptr<int>> future = make<std::unique_ptr<int>>();
  future.set_result(std::make_unique<int>(7));
  const auto waits = [&]() -> Coro<int> { co_return *co_await future; };
  EXPECT_EQ(run(waits()), 7);
}

TEST_F(FutureTest, ExceptionThatNobodyAskedForIsReported) {
  Future<int> future = make();
  const std::string id = std::to_string(future.id());
  future.set_exception(std::runtime_error("lost"));
  EXPECT_EQ(messages(), Messages{});
  future = {};
  EXPECT_EQ(messages(),
            Messages{"error: Future exception was never retrieved | <Future " + id +
                     " finished exception=std::runtime_error: lost> | std::runtime_error: lost"});
}

TEST_F(FutureTest, ExceptionThatWasAskedForIsNotReported) {
  Future<int> by_result = make();
  by_result.set_exception(std::runtime_error("x"));
  EXPECT_THROW(by_result.result(), std::runtime_error);
  Future<int> by_exception = make();
  by_exception.set_exception(std::runtime_error("x"));
  by_exception.exception();
}

TEST_F(FutureTest, LostExceptionIsReportedEvenWhenTheLoopIsGone) {
  Future<int> future = make();
  future.set_exception(std::runtime_error("lost"));
  loop.reset();
  future = {};
  EXPECT_EQ(messages().size(), 1U);
}

TEST_F(FutureTest, OutlivesItsLoop) {
  const Future<int> future = make();
  future.add_done_callback([&](const Future<int>&) { note("never"); });
  loop.reset();
  future.set_result(1);
  EXPECT_EQ(future.result(), 1);
  EXPECT_EQ(message_of<RuntimeError>([&] { static_cast<void>(future.get_loop()); }),
            "Event loop is closed");
  EXPECT_EQ(notes, Notes{});
}

TEST_F(FutureTest, SettingOneThatSomebodyWaitsForOnAClosedLoopThrows) {
  const Future<int> future = make();
  future.add_done_callback([&](const Future<int>&) { note("never"); });
  loop->close();
  EXPECT_EQ(message_of<RuntimeError>([&] { future.set_result(1); }), "Event loop is closed");
  EXPECT_EQ(future.result(), 1);
}

TEST_F(FutureTest, CopiesAreTheSameFuture) {
  const Future<int> future = make();
  const Future<int> copy = future;  // NOLINT(performance-unnecessary-copy-initialization)
  copy.set_result(1);
  EXPECT_EQ(future.result(), 1);
  EXPECT_EQ(future, copy);
  EXPECT_EQ(future.id(), copy.id());
  EXPECT_NE(future, make());
}

TEST_F(FutureTest, EmptyOneIsFalse) {
  EXPECT_FALSE(Future<int>());
  EXPECT_TRUE(make());
}

TEST_F(FutureTest, KnowsItsLoop) { EXPECT_EQ(&make().get_loop(), loop.get()); }

TEST_F(FutureTest, LongListOfCallbacksIsLetGoWithTheFuture) {
  const auto held = std::make_shared<int>();
  {
    const Future<int> future = make();
    // It refers to itself by the callbacks, until it is done.
    for (int callback = 0; callback < 1000; ++callback)
      future.add_done_callback([held](const Future<int>&) {});
    future.set_result(1);
  }
  EXPECT_EQ(held.use_count(), 1001);
  turns(1);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace asyncio
