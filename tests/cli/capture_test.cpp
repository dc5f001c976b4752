// A program does under a trace what it does without, and its trace is whole, or it is said.
#include <algorithm>

#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace loopscope::testing {

namespace {

Words command(const std::string& what, const Words& options) {
  Words words{"run", program("ends_and_prints.cpp")};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--", what});
  return words;
}

class TracedProgram : public ::testing::Test {
 public:
  Ended untraced(const std::string& what) { return loopscope(command(what, {})); }
  Ended traced(const std::string& what) { return loopscope(command(what, {"--trace", file})); }
  // Each as "text", or "! text" of standard error.
  std::vector<std::string> printed() {
    std::vector<std::string> texts;
    const auto trace = whole_trace(file);
    for (const Event& event : trace->events())
      if (event.kind == Kind::output)
        texts.push_back((event.text("stream") == "stderr" ? "! " : "") +
                        std::string(event.text("text")));
    return texts;
  }
  std::size_t count(Kind kind) {
    const auto trace = whole_trace(file);
    return static_cast<std::size_t>(
        std::count_if(trace->events().begin(), trace->events().end(),
                      [&](const Event& event) { return event.kind == kind; }));
  }

  Folder folder;
  const std::string file = folder.path("out.jsonl");
};

TEST_F(TracedProgram, PrintsAsItDoesWithoutAndIsRecordedWhateverItPrintsWith) {
  const std::vector<std::string> expected{
      "printf to 1\n", "cout\n",   "wcout\n", "write\n",      "dprintf\n",    "writev\n",
      "! stderr\n",    "! cerr\n", "half",    " of a line\n", "in a buffer\n"};
  for (const char* const what : {"print", "print unsynced"}) {
    const Ended plain = untraced(what);
    const Ended ended = traced(what);
    EXPECT_EQ(plain.code, 7);
    EXPECT_EQ(ended.code, 7);
    EXPECT_EQ(ended.out, plain.out) << what;
    EXPECT_EQ(ended.err, plain.err) << what;
    EXPECT_EQ(printed(), expected) << what;
  }
}

TEST_F(TracedProgram, KeepsItsStreamsAndDescriptors) {
  const Ended ended = traced("reopen");
  EXPECT_EQ(ended.code, 7);
  EXPECT_EQ(ended.err, "fileno 1\nthe same 1, fileno 1\n");
  EXPECT_EQ(printed(), (std::vector<std::string>{"! fileno 1\n", "! the same 1, fileno 1\n"}));
  EXPECT_EQ(traced("descriptor").out, untraced("descriptor").out);
}

TEST_F(TracedProgram, LosesNothingThatItSaysBeforeItCrashes) {
  const Ended ended = traced("crash");
  EXPECT_EQ(ended.code, 134);
  EXPECT_EQ(ended.out, "last words");
  EXPECT_EQ(printed(), std::vector<std::string>{"last words"});
}

TEST_F(TracedProgram, HasATraceWithoutALoopAndWithoutExitFunctions) {
  for (const auto& [what, code] : {std::pair("nothing", 7), {"_exit", 9}}) {
    EXPECT_EQ(traced(what).code, code);
    EXPECT_EQ(whole_trace(file)->events().back().number("code"), code);
  }
}

TEST_F(TracedProgram, HasTheTraceForItselfWhenItForksAndStartsItselfAnew) {
  const Ended ended = traced("fork");
  EXPECT_EQ(ended.out, untraced("fork").out);
  EXPECT_EQ(count(Kind::program_end), 1U);
  EXPECT_EQ(count(Kind::task_created), 1U);
}

TEST_F(TracedProgram, GivesEachProcessATraceWhereTheNameHasItsNumber) {
  EXPECT_EQ(loopscope(command("fork", {"--trace", folder.path("%p.jsonl")})).code, 7);
  std::size_t traces = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path(""))) {
    whole_trace(entry.path());
    ++traces;
  }
  EXPECT_EQ(traces, 2U) << "the program's, and that of the one it started";
}

TEST_F(TracedProgram, GoesOnWhereItsTraceCannotAndSaysSo) {
  const Ended limited = traced("limit");
  EXPECT_EQ(limited.code, 7) << "the program did not end by SIGXFSZ";
  EXPECT_EQ(limited.out, "through\n");
  EXPECT_EQ(limited.err, "loopscope: cannot write the trace to \"" + file +
                             "\": File too large; it ends there\n");
  const std::string bytes = read(file);
  ASSERT_FALSE(bytes.empty());
  EXPECT_EQ(bytes.back(), '\n') << "it ends with a whole line";
  EXPECT_FALSE(read_trace(bytes)->problem());

  const Ended full = loopscope({"run", "hello", "--trace", "/dev/full"});
  EXPECT_EQ(full.code, 1) << "the program succeeded, and what was asked for is not there";
  EXPECT_EQ(full.err,
            "loopscope: cannot write the trace to \"/dev/full\": No space left on device; it ends "
            "there\n");
}

TEST_F(TracedProgram, IsNotMixedWithItsTrace) {
  for (const char* const where : {"-", "/dev/stdout", "/dev/fd/2"}) {
    const Ended ended = loopscope({"run", "hello", "--trace", where});
    EXPECT_EQ(ended.code, 2) << where;
    EXPECT_NE(ended.err.find("where the program prints"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
  const std::string source = folder.write("program.cpp", "int main() {}\n");
  EXPECT_EQ(loopscope({"run", source, "--trace", source}).code, 2);
  EXPECT_EQ(read(source), "int main() {}\n");
}

TEST_F(TracedProgram, IsRandomUnlessTheClockIsVirtualOrASeedIsGiven) {
  const auto chance = [](const Words& options) {
    return loopscope(command("chance", options)).out;
  };
  EXPECT_EQ(chance({"--clock", "virtual"}), chance({"--seed", "0"}));
  // As the WebAssembly twin: web/src/runtimes/chance.test.ts.
  EXPECT_EQ(chance({"--clock", "virtual"}), "2799343531\n2904771938\n1846331766\n2251366831\n");
  EXPECT_EQ(chance({"--seed", "5"}), chance({"--seed", "5"}));
  EXPECT_NE(chance({"--seed", "5"}), chance({"--seed", "6"}));
  EXPECT_NE(chance({}), chance({}));
  EXPECT_EQ(loopscope(command("chance", {"--seed", "many"})).code, 2);
}

}  // namespace

}  // namespace loopscope::testing
