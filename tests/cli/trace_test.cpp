#include <algorithm>

#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace loopscope::testing {

namespace {

// The trace of the example `gather`, made once.
const std::string& gather_trace() {
  static const Folder folder;
  static const std::string text = [] {
    const std::string file = folder.path("gather.jsonl");
    EXPECT_EQ(loopscope({"run", "gather", "--clock=virtual", "--trace", file}).code, 0);
    return read(file);
  }();
  return text;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TraceCommand, ShowsOneLineForEachEvent) {
  const Folder folder;
  const std::string file = folder.write("gather.jsonl", gather_trace());
  const Ended ended = loopscope({"trace", file});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(count_lines(ended.out), count_lines(gather_trace()) + 1);  // a title and a blank line
  EXPECT_TRUE(contains(ended.out, "gather: C++, virtual clock (native, ")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "because it is new: this will be its first step.")) << ended.out;
  EXPECT_FALSE(contains(ended.out, "\x1b")) << "colour, though this is no terminal";
}

TEST(TraceCommand, ReadsStandardInput) {
  const Folder folder;
  const std::string file = folder.write("gather.jsonl", gather_trace());
  EXPECT_EQ(loopscope({"trace", "-"}, usual_variables(), gather_trace()).out,
            loopscope({"trace", file}).out);
}

TEST(TraceCommand, ShowsOneTaskAndSomeKindsAlone) {
  const Folder folder;
  const std::string file = folder.write("gather.jsonl", gather_trace());
  const Ended all = loopscope({"trace", file});
  const Ended task = loopscope({"trace", file, "--task", "Task-2"});
  EXPECT_EQ(task.code, 0);
  EXPECT_LT(count_lines(task.out), count_lines(all.out));
  EXPECT_TRUE(contains(task.out, "Task-2 begins to run"));
  EXPECT_FALSE(contains(task.out, "Task-3 begins to run"));
  const Ended kinds = loopscope({"trace", file, "--kind", "output,program_end"});
  EXPECT_TRUE(contains(kinds.out, " writes \""));
  EXPECT_TRUE(contains(kinds.out, "The program ends with exit code 0."));
  EXPECT_FALSE(contains(kinds.out, "Turn 1 begins"));
}

TEST(TraceCommand, NamesTheTasksAndKindsThatThereAre) {
  const Folder folder;
  const std::string file = folder.write("gather.jsonl", gather_trace());
  const Ended task = loopscope({"trace", file, "--task", "Task-99"});
  EXPECT_EQ(task.code, 1);
  EXPECT_TRUE(contains(task.err, "\"Task-99\"") && contains(task.err, "Task-1, Task-2"))
      << task.err;
  const Ended kind = loopscope({"trace", file, "--kind", "outputs"});
  EXPECT_EQ(kind.code, 2);
  EXPECT_TRUE(contains(kind.err, "\"outputs\"") && contains(kind.err, "output, log")) << kind.err;
}

TEST(TraceCommand, ExportsForPerfetto) {
  const Folder folder;
  const std::string file = folder.write("gather.jsonl", gather_trace());
  const Ended ended = loopscope({"trace", file, "--chrome", folder.path("chrome.json")});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
  json::Parser parser;
  const std::string text = read(folder.path("chrome.json"));
  const json::Value exported = parser.parse(text);
  ASSERT_TRUE(exported.member("traceEvents"));
  std::size_t tracks = 0;
  for (const json::Value& event : *exported.member("traceEvents")->array())
    tracks += *event.member("name")->text() == "thread_name" ? 1 : 0;
  EXPECT_EQ(tracks, 5U);  // the loop and four tasks
}

// Wherever a file is cut: what is there is shown, and never a crash.
TEST(TraceCommand, ShowsWhatCanBeReadOfACutOffFile) {
  const Folder folder;
  const std::string& whole = gather_trace();
  const std::size_t header = whole.find('\n');
  for (std::size_t size = header + 2; size < whole.size(); size += whole.size() / 25) {
    const std::string file = folder.write("cut.jsonl", whole.substr(0, size));
    const Ended ended = loopscope({"trace", file});
    const std::size_t events = count_lines(whole.substr(0, size)) - 1;
    const bool between = whole[size - 1] == '\n' || whole[size - 1] == '}';
    if (between) continue;
    EXPECT_EQ(ended.code, 1) << size;
    EXPECT_EQ(count_lines(ended.out), events + 2) << size;
    EXPECT_TRUE(contains(ended.err, "line " + std::to_string(events + 2) +
                                        ": the file is cut off in the middle of this line"))
        << ended.err;
  }
}

TEST(TraceCommand, SaysWhenTheEndIsMissing) {
  const Folder folder;
  const std::string& whole = gather_trace();
  const std::size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
  const std::string file = folder.write("stopped.jsonl", whole.substr(0, last_line));
  const Ended ended = loopscope({"trace", file});
  EXPECT_EQ(ended.code, 0) << "a program that was stopped is no damaged file";
  EXPECT_TRUE(contains(ended.err, "the program's end is not in the trace")) << ended.err;
}

TEST(TraceCommand, RefusesWhatIsNoTraceAndSaysWhy) {
  const Folder folder;
  std::string version = gather_trace();
  version.replace(version.find("\"version\":1"), 11, "\"version\":9");
  std::string field = gather_trace();
  field.replace(field.find("\"ready\":1"), 9, "\"ready\":x");
  std::string source = gather_trace();
  source.replace(source.find("\"source\":{\"name\""), 16, "\"source\":{\"nome\"");
  const std::pair<std::string, std::string> cases[] = {
      {source, "line 1: `source` must be a file, {name, text}, is {"},
      {"", "the file is empty"},
      {"int main() {}\n", "line 1: this is not a Loopscope trace"},
      {version, "line 1: the trace is of version 9; this program reads version 1"},
      {field, " is not JSON: a value is expected at column "},
  };
  for (const auto& [text, message] : cases) {
    const std::string file = folder.write("wrong.jsonl", text);
    const Ended ended = loopscope({"trace", file});
    EXPECT_EQ(ended.code, 1) << message;
    EXPECT_TRUE(contains(ended.err, message)) << ended.err;
    EXPECT_EQ(count_lines(ended.err), 1U) << ended.err;
  }
  const Ended missing = loopscope({"trace", folder.path("missing.jsonl")});
  EXPECT_EQ(missing.code, 1);
  EXPECT_TRUE(contains(missing.err, "missing.jsonl\": No such file")) << missing.err;
}

// A trace may come from anywhere.
TEST(TraceCommand, LeavesTheTerminalAloneWhateverATraceSays) {
  const Folder folder;
  const std::string file = folder.write(
      "evil.jsonl",
      R"({"schema":"loopscope.trace","version":1,"program":"\u001b[2J","guest":"cpp","clock":"real","time_unit":"ns","host":{}})"
      "\n"
      R"({"seq":0,"t":0,"loop":1,"turn":0,"kind":"task_created","task":1,"name":"\u001b]0;x\u0007","coro":"\u009b1m","parent":0})"
      "\n");
  const Ended ended = loopscope({"trace", file});
  EXPECT_FALSE(contains(ended.out, "\x1b") || contains(ended.out, "\x07") ||
               contains(ended.out, "\xC2\x9B"))
      << ended.out;
  EXPECT_TRUE(contains(ended.out, "\\u001b[2J")) << ended.out;
}

}  // namespace

}  // namespace loopscope::testing
