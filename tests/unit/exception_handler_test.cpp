#include "support/loop_test.hpp"

namespace asyncio {
namespace {

using ExceptionHandlerTest = LoopTest;

TEST_F(ExceptionHandlerTest, ThrowingCallbackDoesNotStopTheLoop) {
  loop->call_soon([] { throw std::runtime_error("boom"); });
  loop->call_soon([&] { note("goes on"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"goes on"});
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("error: Exception in callback | handle: <Handle ")) << said[0];
  EXPECT_TRUE(said[0].ends_with(" | std::runtime_error: boom")) << said[0];
}

TEST_F(ExceptionHandlerTest, HandlerReceivesTheExceptionAndTheHandle) {
  ExceptionContext received;
  EventLoop* from = nullptr;
  loop->set_exception_handler([&](EventLoop& of, const ExceptionContext& context) {
    from = &of;
    received = context;
  });
  const Handle handle = loop->call_soon([] { throw std::logic_error("boom"); });
  turns(1);
  EXPECT_EQ(from, loop.get());
  EXPECT_EQ(received.message, "Exception in callback");
  EXPECT_EQ(describe(received.exception), "std::logic_error: boom");
  EXPECT_EQ(received.handle.id(), handle.id());
  EXPECT_EQ(received.object, "handle: " + handle.text());
  received = {};
}

TEST_F(ExceptionHandlerTest, ThrowingHandlerIsReportedByTheDefaultOne) {
  loop->set_exception_handler(
      [](EventLoop&, const ExceptionContext&) { throw std::runtime_error("handler"); });
  loop->call_soon([] { throw std::runtime_error("callback"); });
  loop->call_soon([&] { note("goes on"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"goes on"});
  EXPECT_EQ(messages(),
            Messages{"error: Unhandled error in exception handler | std::runtime_error: handler"});
}

TEST_F(ExceptionHandlerTest, EmptyHandlerIsTheDefaultOne) {
  loop->set_exception_handler([&](EventLoop&, const ExceptionContext&) { note("custom"); });
  EXPECT_TRUE(loop->get_exception_handler());
  loop->set_exception_handler({});
  EXPECT_FALSE(loop->get_exception_handler());
  loop->call_exception_handler({"something", nullptr, {}, {}});
  EXPECT_EQ(notes, Notes{});
  EXPECT_EQ(messages(), Messages{"error: something"});
}

TEST_F(ExceptionHandlerTest, HandlerMayPassOnToTheDefaultOne) {
  loop->set_exception_handler([](EventLoop& of, const ExceptionContext& context) {
    of.default_exception_handler(context);
  });
  loop->call_exception_handler({"", std::make_exception_ptr(7), {}, "an object"});
  EXPECT_EQ(messages(), Messages{"error: Unhandled exception in event loop | an object | int"});
}

TEST_F(ExceptionHandlerTest, DoneCallbackThatThrowsIsReportedToo) {
  const Future<> future = loop->create_future();
  future.add_done_callback([](const Future<>&) { throw std::runtime_error("in callback"); });
  future.add_done_callback([&](const Future<>&) { note("second"); });
  future.set_result();
  turns(1);
  EXPECT_EQ(notes, Notes{"second"});
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].ends_with("std::runtime_error: in callback")) << said[0];
}

TEST_F(ExceptionHandlerTest, CancelledErrorOutOfACallbackIsAnExceptionLikeAnyOther) {
  loop->call_soon([] { throw CancelledError("why"); });
  turns(1);
  const Messages said = messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].ends_with(" | CancelledError: why")) << said[0];
}

TEST_F(ExceptionHandlerTest, MessagesGoNowhereWithoutASink) {
  set_log_sink(nullptr);
  loop->call_exception_handler({"unheard", nullptr, {}, {}});
  EXPECT_EQ(messages(), Messages{});
}

class ExceptionHandlerContextTest : public LoopTest {
 public:
  ExceptionHandlerContextTest() {
    loop->set_exception_handler(
        [&](EventLoop&, const ExceptionContext&) { note(variable.get("unset")); });
  }
  void TearDown() override {
    loop->set_exception_handler({});
    LoopTest::TearDown();
  }
  // Where nothing else is set.
  void outside(std::invocable auto action) {
    Context().run([&] {
      variable.set("outside");
      action();
    });
  }

  const ContextVar<std::string> variable{"variable"};
};

TEST_F(ExceptionHandlerContextTest, IsThatOfTheCallbackThatThrew) {
  outside([&] {
    loop->call_soon([] { throw std::runtime_error("as it was scheduled"); });
    loop->call_soon([&] {
      variable.set("by the callback");
      throw std::runtime_error("boom");
    });
  });
  turns(1);
  EXPECT_EQ(notes, (Notes{"outside", "by the callback"}));
}

TEST_F(ExceptionHandlerContextTest, IsTheCallbacksOwnWhereItSetTheFirstVariable) {
  loop->call_soon([] { throw std::runtime_error("boom"); });
  loop->call_soon([&] {
    variable.set("mine");
    throw std::runtime_error("boom");
  });
  loop->call_soon([] { throw std::runtime_error("boom"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"unset", "mine", "unset"}));
}

TEST_F(ExceptionHandlerContextTest, IsThatOfTheTaskWhoseExceptionNobodyRetrieved) {
  const auto fails = [&](std::string value) -> Coro<> {
    if (!value.empty()) variable.set(value);
    throw std::runtime_error("boom");
    co_return;
  };
  outside([&] {
    loop->create_task(fails("by the task"));
    loop->create_task(fails(""));
  });
  loop->create_task(fails(""));
  outside([&] { turns(1); });
  EXPECT_EQ(notes, (Notes{"by the task", "outside", "unset"}));
}

TEST_F(ExceptionHandlerContextTest, IsThatOfATaskThatIsDestroyedWhileItWaits) {
  const auto waits = [&](Future<> future) -> Coro<> {
    variable.set("by the task");
    co_await future;
  };
  loop->create_task(waits(loop->create_future()));
  outside([&] {
    turns(1);
    loop.reset();
  });
  EXPECT_EQ(notes, Notes{"by the task"});
  loop = make_loop(time);
}

TEST_F(ExceptionHandlerContextTest, IsThatOfTheCallerForAFutureAndForWhatIsNeither) {
  outside([&] {
    loop->create_future().set_exception(std::make_exception_ptr(std::runtime_error("boom")));
    loop->call_exception_handler({"something", nullptr, {}, {}});
  });
  EXPECT_EQ(notes, (Notes{"outside", "outside"}));
}

TEST_F(ExceptionHandlerContextTest, KeepsWhatTheHandlerSets) {
  const Context context;
  loop->set_exception_handler(
      [&](EventLoop&, const ExceptionContext&) { variable.set("by the handler"); });
  loop->call_soon([] { throw std::runtime_error("boom"); }, context);
  turns(1);
  EXPECT_EQ(context.get(variable), "by the handler");
  EXPECT_EQ(variable.get("unset"), "unset");
}

TEST_F(ExceptionHandlerContextTest, ThatIsEnteredAlreadyIsAnErrorInTheHandler) {
  const Context context;
  context.run([&] {
    ExceptionContext about{"something", nullptr, {}, {}};
    about.context = context;
    loop->call_exception_handler(about);
  });
  EXPECT_EQ(notes, Notes{});
  EXPECT_EQ(messages(), Messages{"error: Unhandled error in exception handler | RuntimeError: "
                                 "cannot enter context: <Context> is already entered"});
}

}  // namespace
}  // namespace asyncio
