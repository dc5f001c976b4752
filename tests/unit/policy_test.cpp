#include <asyncio/policy.hpp>

#include "program/settings.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class PolicyTest : public LoopTest {
 public:
  PolicyTest() { program::set_backend("virtual"); }
  ~PolicyTest() override {
    set_event_loop_policy(nullptr);
    program::set_backend("");
  }
};

// Counts, and says which loop is the current one.
class CountingPolicy : public DefaultEventLoopPolicy {
 public:
  explicit CountingPolicy(LoopTest::Notes& notes) : notes_(notes) {}
  std::unique_ptr<EventLoop> new_event_loop() override {
    notes_.emplace_back("new");
    return DefaultEventLoopPolicy::new_event_loop();
  }
  void set_event_loop(EventLoop* loop) override {
    notes_.emplace_back(loop ? "set" : "unset");
    DefaultEventLoopPolicy::set_event_loop(loop);
  }

 private:
  LoopTest::Notes& notes_;
};

TEST_F(PolicyTest, OneLineSwapsTheLoopOfEveryRun) {
  set_event_loop_policy(std::make_unique<CountingPolicy>(notes));
  const auto main = []() -> Coro<int> { co_return 4; };
  EXPECT_EQ(asyncio::run(main()), 4);
  EXPECT_EQ(notes, (Notes{"new", "set", "unset"}));
}

TEST_F(PolicyTest, NullBringsTheDefaultOneBack) {
  const AbstractEventLoopPolicy* const usual = &get_event_loop_policy();
  auto mine = std::make_unique<CountingPolicy>(notes);
  const AbstractEventLoopPolicy* const set = mine.get();
  set_event_loop_policy(std::move(mine));
  EXPECT_EQ(&get_event_loop_policy(), set);
  set_event_loop_policy(nullptr);
  EXPECT_EQ(&get_event_loop_policy(), usual);
}

TEST_F(PolicyTest, DefaultOneHasACurrentLoopForEachThread) {
  AbstractEventLoopPolicy& policy = get_event_loop_policy();
  policy.set_event_loop(loop.get());
  EXPECT_EQ(&policy.get_event_loop(), loop.get());
  std::thread([&] { note(message_of<RuntimeError>([&] { policy.get_event_loop(); })); }).join();
  EXPECT_EQ(notes, Notes{"There is no current event loop in this thread."});
  policy.set_event_loop(nullptr);
  EXPECT_THROW(policy.get_event_loop(), RuntimeError);
}

TEST_F(PolicyTest, AbstractOneHasNothing) {
  AbstractEventLoopPolicy nothing;
  EXPECT_THROW(nothing.get_event_loop(), NotImplementedError);
  EXPECT_THROW(nothing.set_event_loop(nullptr), NotImplementedError);
  EXPECT_THROW(nothing.new_event_loop(), NotImplementedError);
}

TEST_F(PolicyTest, LoopFactoryGoesBeforeThePolicy) {
  set_event_loop_policy(std::make_unique<CountingPolicy>(notes));
  const auto main = []() -> Coro<> { co_return; };
  asyncio::run(main(), {}, [] { return make_loop(); });
  EXPECT_EQ(notes, Notes{});
}

TEST_F(PolicyTest, RunningLoopGoesBeforeThePolicysCurrentOne) {
  const auto other = make_loop();
  set_event_loop(other.get());
  loop->call_soon([&] { note(&get_event_loop() == loop.get() ? "running" : "current"); });
  turns(1);
  EXPECT_EQ(notes, Notes{"running"});
}

// -- Injected parts -----------------------------------------------------------------------------------------------------

TEST_F(PolicyTest, LoopCanBeMadeByTheNameOfItsPoller) {
  EXPECT_EQ(new_event_loop("poll")->backend_name(), "poll");
  EXPECT_EQ(new_event_loop("select")->backend_name(), "select");
  EXPECT_EQ(new_event_loop("")->backend_name(), "virtual") << "what the environment says";
  EXPECT_TRUE(message_of<std::invalid_argument>([] {
                new_event_loop("carrier pigeon");
              }).starts_with("no loop is called \"carrier pigeon\"; there are: "));
}

// Every wait takes twice as long as it was asked to.
class SlowPoller final : public Poller {
 public:
  SlowPoller(std::shared_ptr<VirtualTime> time, LoopTest::Notes& notes)
      : time_(std::move(time)), notes_(notes) {}
  void watch(int, Interest) override { throw std::system_error(ENOSYS, std::system_category()); }
  void wait(std::optional<Duration> timeout, std::vector<Ready>&) override {
    if (!timeout || *timeout == 0s) return;
    notes_.push_back("wait " + std::to_string(*timeout / 1ms) + " ms");
    time_->advance(2 * *timeout);
  }
  void wake() noexcept override {}
  std::string_view name() const noexcept override { return "slow"; }

 private:
  std::shared_ptr<VirtualTime> time_;
  LoopTest::Notes& notes_;
};

TEST_F(PolicyTest, LoopRunsOnAPollerAndAClockOfOnesOwn) {
  const auto main = [&]() -> Coro<Duration> {
    co_await sleep(3ms);
    co_return get_running_loop().time().time_since_epoch();
  };
  const Duration end = asyncio::run(main(), {}, [&] {
    return new_event_loop({time, std::make_shared<SlowPoller>(time, notes)});
  });
  EXPECT_EQ(end, 6ms);
  EXPECT_EQ(notes, Notes{"wait 3 ms"});
}

}  // namespace
}  // namespace asyncio
