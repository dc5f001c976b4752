#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace loopscope::testing {

namespace {

std::string output_in(const Trace& trace) {
  std::string text;
  for (const Event& event : trace.events())
    if (event.kind == Kind::output) text += event.text("text");
  return text;
}

TEST(Run, AnExampleByItsName) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  const Ended ended = loopscope({"run", "hello", "--clock", "virtual", "--trace", file});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  const auto trace = whole_trace(file);
  EXPECT_EQ(trace->header_text("program"), "hello");
  EXPECT_EQ(trace->header_text("clock"), "virtual");
  const json::Value& source = *trace->header()->member("source");
  EXPECT_EQ(*source.member("name")->text(), "main.cpp");
  EXPECT_EQ(*source.member("text")->text(), read(LOOPSCOPE_EXAMPLES "/hello/main.cpp"));
  EXPECT_EQ(output_in(*trace), ended.out);
}

TEST(Run, AFileWithAMainOfItsOwn) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  const Ended ended =
      loopscope({"run", program("has_main.cpp"), "--clock=virtual", "--trace=" + file});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "begins\nends at 1.5\n");
  EXPECT_EQ(whole_trace(file)->header_text("program"), "has_main");
}

TEST(Run, TakesTheTimeItTakesUnlessTheClockIsVirtual) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  EXPECT_EQ(loopscope({"run", program("has_main.cpp"), "--trace", file}).code, 0);
  const auto trace = whole_trace(file);
  EXPECT_EQ(trace->header_text("clock"), "real");
  EXPECT_GE(trace->events().back().t, 1'500'000'000);
}

TEST(Run, PassesOnArgumentsInputAndExitCode) {
  const Ended ended = loopscope({"run", program("has_co_main.cpp"), "--", "--clock", "a b"},
                                usual_variables(), "one\ntwo\n");
  EXPECT_EQ(ended.code, 7);
  EXPECT_EQ(ended.out, "has_co_main --clock|a b|one|two|");
  EXPECT_EQ(ended.err, "to stderr\n");
}

TEST(Run, ShowsCompilerErrorsAndLeavesNoOldTrace) {
  const Folder folder;
  const std::string trace = folder.write("out.jsonl", "the trace of another program\n");
  const std::string source = folder.write("broken.cpp", "int main() {\n  return nothing;\n}\n");
  const Ended ended = loopscope({"run", source, "--trace", trace});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("broken.cpp:2:10: error"), std::string::npos) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(trace));
}

TEST(Run, SaysWhereTheTraceCannotBeWritten) {
  const Ended ended = loopscope({"run", "hello", "--trace", "/no/such/folder/out.jsonl"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("\"/no/such/folder/out.jsonl\": No such file"), std::string::npos)
      << ended.err;
}

TEST(Run, SaysWhichCompilerIsMissing) {
  Variables variables = usual_variables();
  variables["CXX"] = "no-such-compiler -O2";
  const Ended ended = loopscope({"run", "hello"}, variables);
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("\"no-such-compiler\""), std::string::npos) << ended.err;
}

TEST(Run, WritesTheSameBytesEveryTimeUnderTheVirtualClock) {
  const Folder folder;
  std::string first;
  for (int time = 0; time < 20; ++time) {
    const std::string file = folder.path("out.jsonl");
    ASSERT_EQ(loopscope({"run", "gather", "--clock", "virtual", "--trace", file}).code, 0);
    const std::string bytes = read(file);
    if (time == 0) first = bytes;
    ASSERT_EQ(bytes, first) << "run " << time;
  }
  EXPECT_GT(first.size(), 1000U);
}

TEST(Run, TracesAProgramThatWasLinkedWithTheLibraryAndNothingElse) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  const Ended ended =
      run({LOOPSCOPE_LINKED_PROGRAM}, {{"LOOPSCOPE_TRACE", file}, {"LOOPSCOPE_CLOCK", "virtual"}});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "begins\nends at 1.5\n");
  EXPECT_EQ(output_in(*whole_trace(file)), ended.out);
}

// A compiler that notes each time that it compiles.
class CompilerThatCounts {
 public:
  CompilerThatCounts() {
    // The library's own: what one compiler has instrumented another one cannot link.
    const char* const given = std::getenv("CXX");
    const std::string script = folder_.write("c++",
                                             "#!/bin/sh\ncase \"$*\" in *--version*) ;; *) echo "
                                             ">>\"$COUNT\" ;; esac\nexec " +
                                                 std::string(given ? given : "c++") + " \"$@\"\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    variables_ = {{"CXX", script},
                  {"COUNT", folder_.path("count")},
                  {"XDG_CACHE_HOME", folder_.path("cache")}};
  }
  const Variables& variables() const { return variables_; }
  std::size_t count() const { return read(folder_.path("count")).size(); }
  const Folder& folder() const { return folder_; }

 private:
  Folder folder_;
  Variables variables_;
};

TEST(Run, CompilesOnlyWhatItHasNotCompiledBefore) {
  const CompilerThatCounts compiler;
  const std::string header =
      compiler.folder().write("a number.hpp", "constexpr int kNumber = 3;\n");
  const std::string source = compiler.folder().write(
      "includes.cpp", "#include \"a number.hpp\"\nint main() { return kNumber; }\n");
  EXPECT_EQ(loopscope({"run", source}, compiler.variables()).code, 3);
  EXPECT_EQ(compiler.count(), 1U);
  EXPECT_EQ(loopscope({"run", source}, compiler.variables()).code, 3);
  EXPECT_EQ(compiler.count(), 1U) << "it compiled again, though nothing had changed";

  compiler.folder().write("a number.hpp", "constexpr int kNumber = 4;\n");
  EXPECT_EQ(loopscope({"run", source}, compiler.variables()).code, 4);
  EXPECT_EQ(compiler.count(), 2U) << "a header had changed";
  compiler.folder().write("includes.cpp", "int main() { return 5; }\n");
  EXPECT_EQ(loopscope({"run", source}, compiler.variables()).code, 5);
  EXPECT_EQ(compiler.count(), 3U) << "the source had changed";
}

TEST(Run, LeavesNothingInTheCacheWhenItDoesNotCompile) {
  const CompilerThatCounts compiler;
  const std::string source = compiler.folder().write("broken.cpp", "int main() {\n");
  EXPECT_EQ(loopscope({"run", source}, compiler.variables()).code, 1);
  const std::filesystem::path cache = compiler.folder().path("cache/loopscope/programs");
  ASSERT_TRUE(std::filesystem::exists(cache));
  EXPECT_TRUE(std::filesystem::is_empty(cache));
}

}  // namespace

}  // namespace loopscope::testing
