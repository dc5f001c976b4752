#include "trace/recorder.hpp"

#include <thread>

#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio::trace {
namespace {

class RecorderTest : public LoopTest {
 public:
  TraceText text{time};
  Recorder& recorder = text.recorder();
  void out(std::string_view what) { recorder.output(Stream::standard_output, what); }
  void err(std::string_view what) { recorder.output(Stream::standard_error, what); }
};

TEST_F(RecorderTest, HeaderComesFirst) {
  EXPECT_EQ(text.lines().at(0),
            R"({"schema":"loopscope.trace","version":1,"program":"test","guest":"cpp",)"
            R"("clock":"virtual","time_unit":"ns","host":{}})");
}

TEST(HeaderTest, HasTheProgramsSourceUnlessItIsVeryLong) {
  Header header{"hello", "virtual", {}, "cpp", Source{"main.cpp", "int main() {}\n"}};
  std::string line;
  write_header(line, header);
  EXPECT_TRUE(line.ends_with(R"("host":{},"source":{"name":"main.cpp","text":"int main() {}\n"}})"
                             "\n"))
      << line;
  header.source->text.assign(kLongestSource + 1, ' ');
  line.clear();
  write_header(line, header);
  EXPECT_TRUE(line.ends_with("\"host\":{}}\n")) << line.size();
}

TEST_F(RecorderTest, OutputIsCutIntoLines) {
  out("one\ntwo\nthr");
  out("ee\n");
  EXPECT_EQ(text.events({"output"}),
            (LoopTest::Notes{R"(output,"stream":"stdout","text":"one\n")",
                             R"(output,"stream":"stdout","text":"two\n")",
                             R"(output,"stream":"stdout","text":"three\n")"}));
}

TEST_F(RecorderTest, OutputHasTheLineThatWroteTheLastOfIt) {
  const Place::Guest first{"f", "main.py", 3};
  const Place::Guest second{"g", "main.py", 7};
  recorder.output(Stream::standard_output, "one\ntw", &first);
  recorder.output(Stream::standard_output, "o\n", &second);
  out("three\n");
  EXPECT_EQ(
      text.events({"output"}),
      (LoopTest::Notes{
          R"(output,"stream":"stdout","text":"one\n","loc":{"func":"f","file":"main.py","line":3})",
          R"(output,"stream":"stdout","text":"two\n","loc":{"func":"g","file":"main.py","line":7})",
          R"(output,"stream":"stdout","text":"three\n")"}));
}

TEST_F(RecorderTest, BufferingOfTheOutputDoesNotShow) {
  TraceText whole(time);
  const std::string printed = "first\nsecond line\n\nlast";
  whole.recorder().output(Stream::standard_output, printed);
  whole.recorder().end_lines();
  for (const char c : printed) out({&c, 1});
  recorder.end_lines();
  EXPECT_EQ(text.lines(), whole.lines());
  EXPECT_EQ(text.lines().size(), 5U);
}

TEST_F(RecorderTest, WhatStandsWithoutALineEndComesBeforeTheNextEvent) {
  out("half");
  err("an error");
  EXPECT_EQ(text.events({"output"}), LoopTest::Notes{});
  recorder.on({loop->time(), 1, 0, LoopStart{}});
  EXPECT_EQ(text.events({"output", "loop_start"}),
            (LoopTest::Notes{R"(output,"stream":"stdout","text":"half")",
                             R"(output,"stream":"stderr","text":"an error")", "loop_start"}));
}

TEST_F(RecorderTest, EndLinesWritesWhatStandsWithoutALineEnd) {
  out("half");
  recorder.end_lines();
  time->advance(1s);
  out(" other half\n");
  const LoopTest::Notes lines = text.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1],
            R"({"seq":0,"t":0,"loop":0,"turn":0,"kind":"output","stream":"stdout","text":"half"})");
  EXPECT_EQ(
      lines[2],
      R"({"seq":1,"t":1000000000,"loop":0,"turn":0,"kind":"output","stream":"stdout","text":" other half\n"})");
}

TEST_F(RecorderTest, OutputTellsTheLoopAndTurnItCameFrom) {
  const auto traced = make_loop(time, &recorder);
  traced->call_soon([&] { out("within\n"); });
  traced->turn(0s);
  traced->turn(0s);
  out("after\n");
  LoopTest::Notes outputs;
  for (const std::string& line : text.lines())
    if (line.find("\"output\"") != std::string::npos)
      outputs.push_back(line.substr(line.find("\"loop\"")));
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0], "\"loop\":" + std::to_string(traced->id()) +
                            R"(,"turn":1,"kind":"output","stream":"stdout","text":"within\n"})");
  EXPECT_EQ(outputs[1], R"("loop":0,"turn":0,"kind":"output","stream":"stdout","text":"after\n"})");
}

TEST_F(RecorderTest, LongLineIsCutBetweenCharacters) {
  std::string line;
  while (line.size() < 65'535) line += 'x';
  line += "\u20ac";  // begins within the first 64 KiB and ends beyond
  line += '\n';
  out(line);
  const LoopTest::Notes outputs = text.events({"output"});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[1], "output,\"stream\":\"stdout\",\"text\":\"\u20ac\\n\"");
}

TEST_F(RecorderTest, EventsBeyondTheLimitAreCounted) {
  TraceText limited(time, {3, 0});
  const auto traced = make_loop(time, &limited.recorder());
  for (int call = 0; call < 10; ++call) traced->call_soon([] {});
  EXPECT_EQ(limited.events({"scheduled"}).size(), 3U);
  EXPECT_EQ(limited.events({"truncated"}),
            LoopTest::Notes{R"(truncated,"what":"events","dropped":1)"});
  limited.recorder().finish({false, 0, {}});
  EXPECT_EQ(limited.events({"truncated", "program_end"}),
            (LoopTest::Notes{R"(truncated,"what":"events","dropped":1)",
                             R"(truncated,"what":"events","dropped":7)",
                             R"(program_end,"outcome":"exited","code":0)"}));
}

TEST_F(RecorderTest, WhatIsPrintedAndLoggedIsKeptWhereOtherEventsNoLongerAre) {
  TraceText limited(time, {3, 100});
  const auto traced = make_loop(time, &limited.recorder());
  for (int call = 0; call < 10; ++call) traced->call_soon([] {});
  limited.recorder().output(Stream::standard_output, "result\n");
  limited.recorder().on({{}, 1, 0, Log{Log::Level::error, "lost"}});
  limited.recorder().finish({false, 0, {}});
  EXPECT_EQ(limited.events({"output", "log", "truncated"}),
            (LoopTest::Notes{R"(truncated,"what":"events","dropped":1)",
                             R"(output,"stream":"stdout","text":"result\n")",
                             R"(log,"level":"error","text":"lost")",
                             R"(truncated,"what":"events","dropped":7)"}));
}

TEST_F(RecorderTest, OutputHasAsManyLinesAsThereMayBeEvents) {
  TraceText limited(time, {3, 100});
  for (int line = 0; line < 5; ++line) limited.recorder().output(Stream::standard_output, "\n");
  limited.recorder().finish({false, 0, {}});
  EXPECT_EQ(limited.events({"output"}).size(), 3U);
  EXPECT_EQ(limited.events({"truncated"}),
            (LoopTest::Notes{R"(truncated,"what":"output","dropped":1)",
                             R"(truncated,"what":"output","dropped":2)"}));
}

TEST_F(RecorderTest, OutputBeyondTheLimitIsCountedForEachStream) {
  TraceText limited(time, {0, 10});
  for (int line = 0; line < 5; ++line)
    limited.recorder().output(Stream::standard_output, "12345\n");
  limited.recorder().output(Stream::standard_error, "error\n");
  limited.recorder().finish({false, 0, {}});
  EXPECT_EQ(limited.events({"output", "truncated"}),
            (LoopTest::Notes{R"(output,"stream":"stdout","text":"12345\n")",
                             R"(truncated,"what":"output","dropped":6)",
                             R"(output,"stream":"stderr","text":"error\n")",
                             R"(truncated,"what":"output","dropped":24)"}));
}

TEST_F(RecorderTest, NothingComesAfterTheEnd) {
  out("half");
  recorder.finish({false, 3, {}});
  const LoopTest::Notes finished = text.lines();
  EXPECT_EQ(text.events({"output", "program_end"}),
            (LoopTest::Notes{R"(output,"stream":"stdout","text":"half")",
                             R"(program_end,"outcome":"exited","code":3)"}));
  out("late\n");
  recorder.end_lines();
  recorder.on({loop->time(), 1, 0, LoopStart{}});
  recorder.finish({true, 1, "again"});
  recorder.finish_in_emergency({true, 1, "again"});
  EXPECT_EQ(text.lines(), finished);
}

TEST_F(RecorderTest, EmergencyEndIsWrittenWithoutAllocating) {
  recorder.finish_in_emergency({true, 139, "segmentation fault"});
  EXPECT_EQ(
      text.lines().back(),
      R"({"seq":0,"t":0,"loop":0,"turn":0,"kind":"program_end","outcome":"crashed","code":139,)"
      R"("error":"segmentation fault"})");
  const LoopTest::Notes finished = text.lines();
  recorder.finish({false, 0, {}});
  EXPECT_EQ(text.lines(), finished);
}

TEST_F(RecorderTest, EmergencyEndCutsALongError) {
  recorder.finish_in_emergency({true, 134, std::string(100'000, 'x')});
  const std::string last = text.lines().back();
  EXPECT_LT(last.size(), 1024U);
  EXPECT_TRUE(last.ends_with("xxx\"}")) << last;
}

TEST_F(RecorderTest, LinesAreHandedOverWhenTheLoopIsAboutToWait) {
  std::string handed;
  Recorder lazy({"test", "virtual", {}}, time, {},
                [&](std::string_view lines) { handed += lines; });
  const auto traced = make_loop(time, &lazy);
  traced->call_later(1s, [&] {
    note(handed.find("turn_begin") != std::string::npos ? "handed over" : "kept");
    traced->stop();
  });
  EXPECT_EQ(handed, "");
  traced->run_forever();
  EXPECT_EQ(notes, LoopTest::Notes{"handed over"});
}

TEST_F(RecorderTest, EachLineOfAnEagerOneIsHandedOverAtOnce) {
  std::string handed;
  Recorder eager({"test", "virtual", {}}, time, {},
                 [&](std::string_view lines) { handed += lines; });
  eager.set_eager(Recorder::Eager::yes);
  const auto traced = make_loop(time, &eager);
  traced->call_soon([&] {
    const TimerHandle later = traced->call_later(1s, [] {});
    note(handed.find("\"when\":1000000000") != std::string::npos ? "handed over" : handed);
  });
  traced->turn(0s);
  EXPECT_EQ(notes, LoopTest::Notes{"handed over"});
}

TEST_F(RecorderTest, LaterLinesOfAnEagerOneAreHandedOverBeforeEachCallback) {
  std::string handed;
  Recorder eager({"test", "virtual", {}}, time, {},
                 [&](std::string_view lines) { handed = lines; });
  eager.set_eager(Recorder::Eager::yes);
  const auto traced = make_loop(time, &eager);
  for (int many = 0; many < 3000; ++many) traced->call_soon([] {});
  traced->call_soon([&] {
    traced->call_soon([] {});
    note(handed.find("run_begin") != std::string::npos ? "run_begin is handed over" : "kept");
    note(handed.find("scheduled") != std::string::npos ? "scheduled as well" : "no more yet");
  });
  traced->turn(0s);
  EXPECT_EQ(notes, (LoopTest::Notes{"run_begin is handed over", "no more yet"}));
}

TEST_F(RecorderTest, LaterLinesOfOneThatIsEagerAtFirstAreHandedOverWhenAskedFor) {
  std::string handed;
  Recorder eager({"test", "virtual", {}}, time, {},
                 [&](std::string_view lines) { handed = lines; });
  eager.set_eager(Recorder::Eager::at_first);
  const auto traced = make_loop(time, &eager);
  traced->call_soon(
      [&] { note(handed.find("run_begin") != std::string::npos ? "early" : "kept"); });
  for (int many = 0; many < 3000; ++many) traced->call_soon([] {});
  traced->call_soon([&] {
    eager.output(Stream::standard_output, "line\n");
    note(handed.find("\"line") != std::string::npos ? "late" : "kept");
    eager.flush();
    note(handed.find("\"line") != std::string::npos ? "asked for" : "lost");
  });
  traced->turn(0s);
  EXPECT_EQ(notes, (LoopTest::Notes{"kept", "kept", "asked for"}));
}

TEST_F(RecorderTest, WhatASignalHandlerPostsComesBeforeWhateverComesNext) {
  out("half ");
  recorder.post(Stream::standard_output, "posted\n");
  EXPECT_EQ(text.events({"output"}), LoopTest::Notes{}) << "nothing is written in a signal handler";
  err("an error\n");
  EXPECT_EQ(text.events({"output"}),
            (LoopTest::Notes{R"(output,"stream":"stdout","text":"half posted\n")",
                             R"(output,"stream":"stderr","text":"an error\n")"}));
  const std::string much(100'000, '.');
  recorder.post(Stream::standard_output, "first\n");
  recorder.post(Stream::standard_output, much + "\n");
  recorder.post(Stream::standard_output, "last words");
  recorder.finish_in_emergency({true, 134, "abort() was called"});
  std::string all;
  for (const std::string& event : text.events({"output"})) all += event;
  EXPECT_LT(all.find("first"), all.find("...."));
  EXPECT_LT(all.find("...."), all.find("last words"));
}

TEST_F(RecorderTest, LoopsInSeveralThreadsShareOneTrace) {
  const auto works = [](Recorder& recorder) -> Coro<> {
    for (int round = 0; round < 100; ++round) {
      recorder.output(Stream::standard_output, "line\n");
      co_await sleep(1us);
    }
  };
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      const auto traced = make_loop(std::make_shared<VirtualTime>(), &recorder);
      traced->run_until_complete(works(recorder));
    });
  }
  for (std::thread& thread : threads) thread.join();
  recorder.finish({false, 0, {}});
  const LoopTest::Notes lines = text.lines();
  for (std::size_t line = 1; line < lines.size(); ++line) {
    ASSERT_TRUE(lines[line].starts_with("{\"seq\":" + std::to_string(line - 1) + ","))
        << lines[line];
    ASSERT_TRUE(lines[line].ends_with("}")) << lines[line];
  }
  EXPECT_EQ(text.events({"output"}).size(), 400U);
  EXPECT_EQ(text.events({"task_done"}).size(), 4U);
  EXPECT_EQ(text.events({"program_end"}).size(), 1U);
}

}  // namespace
}  // namespace asyncio::trace
