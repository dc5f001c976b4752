#include <asyncio/threads.hpp>

#include "bomb.hpp"
#include "program/settings.hpp"

namespace asyncio {
namespace {

using ThrowingDestructorTest = LoopTest;

TEST_F(ThrowingDestructorTest, OfACallbackThatHasRunIsLogged) {
  loop->call_soon([bomb = Bomb("captured"), this] { note("runs"); });
  loop->call_soon([this] { note("goes on"); });
  turns(1);
  EXPECT_EQ(notes, (Notes{"runs", "goes on"}));
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfACancelledCallbackIsLogged) {
  Handle handle = loop->call_soon([bomb = Bomb("captured")] {});
  handle.cancel();
  EXPECT_EQ(messages(), Messages{ignored("captured")});
  turns(1);
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(ThrowingDestructorTest, OfACallbackThatTheLoopNeverRanIsLogged) {
  loop->call_later(std::chrono::hours(1), [bomb = Bomb("captured")] {});
  loop.reset();
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfADoneCallbackIsLogged) {
  const auto future = loop->create_future();
  future.add_done_callback([bomb = Bomb("captured"), this](const Future<>&) { note("runs"); });
  future.set_result();
  turns(1);
  EXPECT_EQ(notes, Notes{"runs"});
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

TEST_F(ThrowingDestructorTest, OfACallInAnotherThreadIsLoggedAndItsResultComes) {
  program::set_backend("virtual");
  const auto main = []() -> Coro<int> {
    auto call = [bomb = Bomb("captured")] { return 7; };
    co_return co_await to_thread(moved(std::move(call)));
  };
  EXPECT_EQ(asyncio::run(main()), 7);
  program::set_backend("");
  EXPECT_EQ(messages(), Messages{ignored("captured")});
}

}  // namespace
}  // namespace asyncio
