#include <algorithm>

#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace loopscope::testing {

namespace {

struct WrongUsage {
  Words words;
  std::string named;  // what the line must name
};

// What it is called in the list of tests.
void PrintTo(const WrongUsage& usage, std::ostream* out) { *out << usage.named; }

class Usage : public ::testing::TestWithParam<WrongUsage> {};

TEST_P(Usage, IsRefusedInOneLineThatNamesIt) {
  const Ended ended = loopscope(GetParam().words);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  EXPECT_NE(ended.err.find(GetParam().named), std::string::npos) << ended.err;
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, Usage,
    ::testing::Values(
        WrongUsage{{}, "command is missing"}, WrongUsage{{"walk"}, "\"walk\""},
        WrongUsage{{"--walk"}, "\"--walk\""}, WrongUsage{{"run"}, "is missing"},
        WrongUsage{{"run", "hello", "gather"}, "\"gather\""},
        WrongUsage{{"run", "hello", "--fast"}, "\"--fast\""},
        WrongUsage{{"run", "no_such_example"}, "\"no_such_example\""},
        WrongUsage{{"run", "no_such_file.cpp"}, "\"no_such_file.cpp\""},
        WrongUsage{{"run", LOOPSCOPE_TEST_PROGRAMS}, "has no __main__.py"},
        WrongUsage{{"run", "hello", "--clock"}, "--clock needs a value"},
        WrongUsage{{"run", "hello", "--clock", "--debug"}, "--clock needs a value"},
        WrongUsage{{"run", "hello", "--clock", "slow"}, "\"slow\""},
        WrongUsage{{"run", "hello", "--clock=real", "--clock=real"}, "--clock is given twice"},
        WrongUsage{{"run", "hello", "--debug=yes"}, "--debug takes no value"},
        WrongUsage{{"run", "hello", "--trace"}, "--trace needs a value"},
        WrongUsage{{"run", "hello", "--loop", "kqueue"}, "\"kqueue\""},
        WrongUsage{{"run", "hello", "--loop", "virtual", "--clock", "real"}, "--loop virtual"},
        WrongUsage{{"list", "all"}, "\"all\""}, WrongUsage{{"list", "--xml"}, "\"--xml\""},
        WrongUsage{{"loops", "all"}, "\"all\""}, WrongUsage{{"trace"}, "is missing"},
        WrongUsage{{"trace", "a", "b"}, "\"b\""},
        WrongUsage{{"trace", "a", "--chrome"}, "--chrome needs a value"}));

class Help : public ::testing::TestWithParam<Words> {};

TEST_P(Help, GoesToStandardOutput) {
  const Ended ended = loopscope(GetParam());
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_NE(ended.out.find("Usage: loopscope"), std::string::npos) << ended.out;
}

INSTANTIATE_TEST_SUITE_P(Asked, Help,
                         ::testing::Values(Words{"--help"}, Words{"-h"}, Words{"help"},
                                           Words{"run", "--help"}, Words{"list", "--help"},
                                           Words{"loops", "--help"}, Words{"trace", "--help"},
                                           Words{"run", "hello", "--clock", "slow", "-h"}));

TEST(List, NamesEveryExample) {
  const Ended ended = loopscope({"list"});
  EXPECT_EQ(ended.code, 0);
  std::size_t examples = 0;
  for (const auto& folder : std::filesystem::directory_iterator(LOOPSCOPE_EXAMPLES)) {
    if (!std::filesystem::exists(folder.path() / "main.cpp")) continue;
    ++examples;
    const std::string name = folder.path().filename().string();
    EXPECT_NE(ended.out.find("  " + name + " "), std::string::npos) << name;
  }
  EXPECT_GE(examples, 10U);
}

TEST(List, IsTheSameAsJson) {
  const Ended ended = loopscope({"list", "--json"});
  EXPECT_EQ(ended.code, 0);
  json::Parser parser;
  const json::Value list = parser.parse(ended.out);
  ASSERT_TRUE(list.array());
  EXPECT_GE(list.array()->size(), 10U);
  std::int64_t before = 0;
  for (const json::Value& example : *list.array()) {
    for (const char* field : {"name", "title", "teaches", "group"}) {
      ASSERT_TRUE(example.member(field) && example.member(field)->text()) << field;
      EXPECT_NE(*example.member(field)->text(), "") << field;
    }
    ASSERT_TRUE(example.member("order")->integer());
    EXPECT_GE(*example.member("order")->integer(), before);
    before = *example.member("order")->integer();
  }
}

TEST(Loops, SaysWhichIsTheDefault) {
  const Ended ended = loopscope({"loops"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out.find("virtual"), ended.out.find("\nvirtual") + 1) << ended.out;
  EXPECT_LT(ended.out.find("(the default)"), ended.out.find('\n')) << ended.out;
}

TEST(Environment, TheCommandItselfWritesNoTrace) {
  const Folder folder;
  Variables variables = usual_variables();
  variables["LOOPSCOPE_TRACE"] = folder.path("out.jsonl");
  EXPECT_EQ(loopscope({"list"}, variables).code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder.path("out.jsonl")));
}

}  // namespace

}  // namespace loopscope::testing
