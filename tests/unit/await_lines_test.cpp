#include "trace/await_lines.hpp"

#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

using Lines = std::map<std::pair<unsigned, unsigned>, unsigned>;

TEST(AwaitLinesTest, AwaitOnOneLineNeedsNoMapping) {
  EXPECT_EQ(trace::await_lines("co_await sleep(1s);\n"), Lines{});
}

TEST(AwaitLinesTest, EndOfTheOperandLeadsToTheLineOfTheAwait) {
  EXPECT_EQ(trace::await_lines("co_await f(\n  1,\n  2);\n"), (Lines{{{3, 4}, 1}}));
  EXPECT_EQ(trace::await_lines("x = co_await\n  sleep(1s);\n"), (Lines{{{2, 11}, 1}}));
  EXPECT_EQ(trace::await_lines("co_await object\n    .member(1)\n    ->call();\n"),
            (Lines{{{3, 12}, 1}}));
}

TEST(AwaitLinesTest, OperandEndsBeforeABinaryOperator) {
  EXPECT_EQ(trace::await_lines("co_await f(\n) + g(\n);\n"), (Lines{{{2, 1}, 1}}));
  EXPECT_EQ(trace::await_lines("h(co_await f(\n), 1\n);\n"), (Lines{{{2, 1}, 1}}));
}

TEST(AwaitLinesTest, TemplateArgumentsBelongToTheOperand) {
  EXPECT_EQ(trace::await_lines("co_await f<int,\n  long>(\n  1);\n"), (Lines{{{3, 4}, 1}}));
}

TEST(AwaitLinesTest, CommentsAndLiteralsAreNoCode) {
  EXPECT_EQ(trace::await_lines("// co_await f(\n//)\n"), Lines{});
  EXPECT_EQ(trace::await_lines("/* co_await f(\n) */ \"co_await f(\" \n"), Lines{});
  EXPECT_EQ(trace::await_lines("co_await f(\")\",\n  ')', R\"x( ) )x\",\n  1'000);\n"),
            (Lines{{{3, 8}, 1}}));
}

TEST(AwaitLinesTest, GatherNotesItsOwnLine) {
  EXPECT_EQ(trace::await_lines("auto all = gather(\n  a(),\n  b());\n"), (Lines{{{3, 6}, 1}}));
}

TEST(AwaitLinesTest, SeveralAwaitsAreMappedApart) {
  EXPECT_EQ(trace::await_lines("co_await f(\n);\nco_await g(\n);\n"),
            (Lines{{{2, 1}, 1}, {{4, 1}, 3}}));
}

TEST(AwaitLinesTest, BrokenSourceDoesNotLoop) {
  EXPECT_EQ(trace::await_lines("co_await"), Lines{});
  trace::await_lines("co_await f(\n");
  trace::await_lines("co_await \"never ends\n R\"(");
}

class AwaitLinesOfThisCompilerTest : public LoopTest {};

TEST_F(AwaitLinesOfThisCompilerTest, AreThoseOnWhichTheAwaitsBegin) {
  TraceText trace(time);
  const auto traced = make_loop(time, &trace.recorder());
  unsigned line = 0;
  // clang-format off
  const auto main = [&]() -> Coro<> {
    line = __LINE__ + 1;
    co_await
        sleep(
            1s
        );
  };
  // clang-format on
  traced->run_until_complete(main());
  const std::vector<std::string> suspended = trace.events({"task_suspended"});
  ASSERT_EQ(suspended.size(), 1U);
  EXPECT_NE(suspended[0].find(R"("stack":[{"func":"lambda","file":"await_lines_test.cpp","line":)" +
                              std::to_string(line) + "}]"),
            std::string::npos)
      << suspended[0] << " " << line;
}

}  // namespace
}  // namespace asyncio
