#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace loopscope::testing {

namespace {

using namespace std::chrono_literals;

// What the last event says.
void expect_crash(const Trace& trace, int code, const std::string& error) {
  const Event& end = trace.events().back();
  EXPECT_EQ(end.text("outcome"), "crashed");
  EXPECT_EQ(end.number("code"), code);
  EXPECT_EQ(end.text("error"), error);
}

bool has_output(const Trace& trace, const std::string& text) {
  for (const Event& event : trace.events())
    if (event.kind == Kind::output && event.text("text") == text) return true;
  return false;
}

struct Crash {
  std::string program, signal, error;
  int code;
};

class CrashingProgram : public ::testing::TestWithParam<Crash> {};

TEST_P(CrashingProgram, KeepsItsTraceAndPassesOnHowItEnded) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  const Ended ended =
      loopscope({"run", program(GetParam().program), "--clock=virtual", "--trace", file});
  EXPECT_EQ(ended.code, GetParam().code);
  EXPECT_NE(ended.err.find(GetParam().signal), std::string::npos) << ended.err;
  const auto trace = whole_trace(file);
  expect_crash(*trace, GetParam().code, GetParam().error);
  EXPECT_TRUE(has_output(*trace, "before the crash"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, CrashingProgram,
    ::testing::Values(Crash{"throws.cpp", "SIGABRT",
                            "uncaught exception std::runtime_error: no luck", 134},
                      Crash{"aborts.cpp", "SIGABRT", "abort() was called", 134},
                      Crash{"recurses.cpp", "SIGSEGV", "stack overflow", 139}));

// Long enough in the middle of what it does; it is compiled before, on a machine that may be busy.
void wait_for_trace(const std::string& file) {
  for (int tries = 0; tries < 6000; ++tries) {
    std::error_code error;
    if (std::filesystem::file_size(file, error) > 500'000 && !error) return;
    std::this_thread::sleep_for(20ms);
  }
  ADD_FAILURE() << file << " does not grow";
}

TEST(EndlessProgram, KeepsItsTraceWhenItIsInterruptedWhilePrinting) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  // At another moment each time: within the writing of an event, too.
  for (int time = 0; time < 10; ++time) {
    std::filesystem::remove(file);
    Running running({executable(), "run", program("prints.cpp"), "--trace", file},
                    usual_variables());
    wait_for_trace(file);
    std::this_thread::sleep_for(time * 2ms);
    running.interrupt();
    const Ended ended = running.wait();
    EXPECT_EQ(ended.code, 130);
    EXPECT_NE(ended.err.find("SIGINT"), std::string::npos) << ended.err;
    expect_crash(*whole_trace(file), 130, "interrupted");
  }
}

TEST(EndlessProgram, EndsWhenTheCommandAloneIsToldToEnd) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  Running running({executable(), "run", program("prints.cpp"), "--trace", file}, usual_variables());
  wait_for_trace(file);
  running.send(SIGTERM);
  EXPECT_EQ(running.wait().code, 143);
  expect_crash(*whole_trace(file), 143, "terminated");
}

TEST(EndlessProgram, IsNotRecordedWithoutEnd) {
  const Folder folder;
  const std::string file = folder.path("out.jsonl");
  Variables variables = usual_variables();
  variables["LOOPSCOPE_TRACE_EVENTS"] = "1000";
  const Ended ended =
      loopscope({"run", program("too_much.cpp"), "--clock=virtual", "--trace", file}, variables);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_LT(whole_trace(file)->events().size(), 1010U);
  const std::string bytes = read(file);
  const std::size_t capped =
      bytes.find("\"kind\":\"truncated\",\"what\":\"events\",\"dropped\":1}");
  ASSERT_NE(capped, std::string::npos);
  const std::string end = bytes.substr(bytes.size() - 400);
  EXPECT_NE(end.find("\"what\":\"events\",\"dropped\":"), std::string::npos) << end;
  EXPECT_NE(end.find("program_end"), std::string::npos) << end;
}

}  // namespace

}  // namespace loopscope::testing
