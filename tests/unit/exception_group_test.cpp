#include "support/loop_test.hpp"

namespace asyncio {
namespace {

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class E>
std::exception_ptr error(const std::string& what) {
  return std::make_exception_ptr(E(what));
}

// "outer [Refused: a, inner [std::out_of_range: b]]"
std::string text(const ExceptionGroup& group) {
  std::string all;
  for (const std::exception_ptr& each : group.exceptions()) {
    all += all.empty() ? "" : ", ";
    try {
      std::rethrow_exception(each);
    } catch (const ExceptionGroup& inner) {
      all += text(inner);
    } catch (...) {
      const std::string said = describe(each);
      all += said.starts_with("std::") ? said.substr(5) : said;
    }
  }
  return group.message() + " [" + all + "]";
}
std::string text(const std::optional<ExceptionGroup>& group) {
  return group ? text(*group) : "none";
}

ExceptionGroup nested() {
  const ExceptionGroup inner("inner", {error<Refused>("b"), error<TimeoutError>("c")});
  return {"outer",
          {error<TimeoutError>("a"), std::make_exception_ptr(inner), error<std::logic_error>("d")}};
}

TEST(ExceptionGroupTest, SaysHowManyThereAre) {
  EXPECT_STREQ(ExceptionGroup("two", {error<Refused>("a"), error<Refused>("b")}).what(),
               "two (2 sub-exceptions)");
  EXPECT_STREQ(ExceptionGroup("one", {error<Refused>("a")}).what(), "one (1 sub-exception)");
  EXPECT_EQ(describe(std::make_exception_ptr(ExceptionGroup("one", {error<Refused>("a")}))),
            "ExceptionGroup: one (1 sub-exception)");
}

TEST(ExceptionGroupTest, HoldsAtLeastOneAndNoNull) {
  EXPECT_EQ(message_of<std::invalid_argument>([] { ExceptionGroup("none", {}); }),
            "second argument (exceptions) must be a non-empty sequence");
  EXPECT_EQ(message_of<std::invalid_argument>(
                [] { ExceptionGroup("null", {error<Refused>("a"), nullptr}); }),
            "Item 1 of second argument (exceptions) is not an exception");
}

TEST(ExceptionGroupTest, SplitKeepsTheGroupsOnBothSides) {
  const auto [matching, rest] = nested().split<TimeoutError>();
  EXPECT_EQ(text(matching), "outer [TimeoutError: a, inner [TimeoutError: c]]");
  EXPECT_TRUE(text(rest).ends_with("Refused: b], logic_error: d]")) << text(rest);
  EXPECT_EQ(matching->leaves().size() + rest->leaves().size(), 4U);
}

TEST(ExceptionGroupTest, SplitByABaseClassTakesWhatDerivesFromIt) {
  const auto [matching, rest] = nested().split<std::logic_error>();
  EXPECT_EQ(matching->leaves().size(), 1U);
  EXPECT_EQ(rest->leaves().size(), 3U);
  EXPECT_EQ(text(matching), "outer [logic_error: d]") << "a group that is left empty is left out";
}

TEST(ExceptionGroupTest, SplitByTheGroupItselfGivesItWhole) {
  const auto [matching, rest] = nested().split<ExceptionGroup>();
  EXPECT_EQ(text(matching), text(nested()));
  EXPECT_FALSE(rest);
}

TEST(ExceptionGroupTest, SplitByWhatIsNotThereGivesAllAsRest) {
  const auto [matching, rest] = nested().split<std::bad_alloc>();
  EXPECT_FALSE(matching);
  EXPECT_EQ(text(rest), text(nested()));
}

TEST(ExceptionGroupTest, SubgroupTakesSeveralTypesOrACondition) {
  const auto both = nested().subgroup<TimeoutError, std::logic_error>();
  EXPECT_EQ(text(both), "outer [TimeoutError: a, inner [TimeoutError: c], logic_error: d]");
  const auto named = nested().subgroup(
      [](const std::exception_ptr& each) { return describe(each).ends_with(": b"); });
  EXPECT_EQ(named->leaves().size(), 1U);
  EXPECT_FALSE(nested().subgroup<std::bad_alloc>());
}

TEST(ExceptionGroupTest, ConditionIsAskedForGroupsToo) {
  const auto inner = nested().subgroup([](const std::exception_ptr& each) {
    return describe(each) == "ExceptionGroup: inner (2 sub-exceptions)";
  });
  EXPECT_EQ(inner->leaves().size(), 2U);
}

TEST(ExceptionGroupTest, DeriveKeepsTheMessage) {
  EXPECT_EQ(text(nested().derive({error<TimeoutError>("x")})), "outer [TimeoutError: x]");
}

TEST(ExceptionGroupTest, HoldsWhatIsNoStdException) {
  const ExceptionGroup group("odd", {std::make_exception_ptr(7), error<Refused>("a")});
  EXPECT_EQ(group.split<int>().matching->leaves().size(), 1U);
}

}  // namespace
}  // namespace asyncio
