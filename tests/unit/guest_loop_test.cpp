#include "guest/guest_loop.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "backends/registry.hpp"
#include "core/seconds.hpp"
#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class CountedNode final : public guest::GuestNode {
  void dispose() noexcept override { delete this; }
};

// Runs handles until the next one is `id`; whether there are any turns left to look in.
bool runs(guest::GuestLoop& loop, HandleId id) {
  for (int turns = 0; turns < 3; ++turns) {
    if (loop.begin_turn(false) != 0) loop.collect();
    while (guest::GuestNode* const node = loop.next()) {
      const bool found = node->id == id;
      node->release();
      if (found) return true;
    }
  }
  return false;
}

TEST(GuestLoopTest, HasReachedTheTimeOfEveryTimerThatRuns) {
  guest::GuestLoop loop(make_backend("virtual"), nullptr);
  std::mt19937_64 random(1);  // NOLINT: the same numbers at every run
  std::uniform_real_distribution<double> exponent(-12, 7), mantissa(1, 10);
  for (int round = 0; round < 20'000; ++round) {
    const double when = loop.time() + mantissa(random) * std::pow(10, exponent(random) / 3 - 2);
    auto* const node = new CountedNode;
    ASSERT_TRUE(runs(loop, loop.call_at(*node, when))) << when;
    ASSERT_GE(loop.time(), when);
    ASSERT_LT(loop.time() - when, 1e-9 + when * 1e-15) << "nor is it later";
  }
  loop.close();
}

TEST(GuestLoopTest, RunsTimersThatAreDueAtNoTimeOrLongAgoAtOnce) {
  guest::GuestLoop loop(make_backend("virtual"), nullptr);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double when : {std::numeric_limits<double>::quiet_NaN(), -kInfinity, -1e300, 0.0}) {
    auto* const node = new CountedNode;
    EXPECT_TRUE(runs(loop, loop.call_at(*node, when))) << when;
  }
  EXPECT_LT(loop.time(), 1e9);
  loop.close();
}

TEST(GuestLoopTest, CountsSecondsInTheNearestNanosecondsThereAre) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(to_duration(2.5e-9), Duration(2)) << "to even";
  EXPECT_EQ(to_duration(0.1 + 0.2), Duration(std::chrono::milliseconds(300)));
  EXPECT_EQ(to_duration(kInfinity), Duration::max());
  EXPECT_EQ(to_duration(1e12), Duration::max());
  EXPECT_EQ(to_duration(-kInfinity), Duration::min());
  EXPECT_EQ(to_duration(std::numeric_limits<double>::quiet_NaN()), Duration::zero());
}

TEST(GuestLoopTest, LetsTimePassWhileAGuestPolls) {
  guest::GuestLoop loop(make_backend("virtual"), nullptr);
  VirtualTime::of_process()->advance(1s);
  auto* const timer = new CountedNode;
  const HandleId due = loop.call_at(*timer, loop.time() + 0.02);
  bool seen = false;
  unsigned turns = 0;
  for (; !seen && turns < 100'000; ++turns) {
    auto* const poll = new CountedNode;
    loop.call_soon(*poll);
    if (loop.begin_turn(false) != 0) loop.collect();
    while (guest::GuestNode* const node = loop.next()) {
      seen = seen || node->id == due;
      node->release();
    }
  }
  EXPECT_TRUE(seen);
  EXPECT_EQ(turns, 4'000u) << "two thousand are free, and then each takes ten microseconds";
  loop.close();
}

}  // namespace
}  // namespace asyncio
