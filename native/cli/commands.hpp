// The commands of `loopscope`.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace loopscope {

struct Command {
  std::string_view name;
  std::string_view summary;  // one line for the list of commands
  std::string_view help;
  // Gives the exit code. Throws UsageError or Failure.
  int (*run)(std::span<const std::string> words);
};

extern const Command kRunCommand;
extern const Command kListCommand;
extern const Command kLoopsCommand;
extern const Command kTraceCommand;

}  // namespace loopscope
