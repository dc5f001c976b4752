// Running other programs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace loopscope {

// How a child ended.
struct ChildEnd {
  int exit_code;   // 128 + the signal's number, as a shell reports it
  int signal = 0;  // what ended it; 0: it exited
};

using Environment = std::map<std::string, std::string>;

// Runs `program` (a path) with `words` as its argv (the name it sees first) and waits. It has our
// standard input, output and error, and our environment with `changes`. Ctrl-C is for the child: it
// ends as it likes, and we with it. Whatever ends us without a word ends the child, too, by
// SIGTERM. Throws Failure where it cannot be started.
ChildEnd run_child(const std::string& program, const std::vector<std::string>& words,
                   const Environment& changes = {});

// What a program writes to its standard output; nullopt where it fails or cannot be started.
std::optional<std::string> output_of(const std::vector<std::string>& words);

// "SIGABRT (Aborted)".
std::string signal_text(int signal);

}  // namespace loopscope
