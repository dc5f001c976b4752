// What stands on the command line.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loopscope {

// Wrong usage: one line on standard error, exit code 2.
struct UsageError {
  std::string message;
};

// What went wrong for another reason: one line on standard error, exit code 1.
struct Failure {
  std::string message;
};

struct Option {
  std::string_view name;   // "--clock"
  std::string_view value;  // what stands for its value in messages: "real|virtual"; "" for a flag
};

struct Arguments {
  std::vector<std::string> positional;
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::string> rest;  // after "--"

  bool has(std::string_view option) const { return options.contains(option); }
  std::optional<std::string> value(std::string_view option) const;
};

// Takes "--name value", "--name=value", flags, and what is none of these in order. Throws
// UsageError.
Arguments parse_arguments(std::span<const std::string> words, std::span<const Option> options,
                          bool takes_rest = false);

// The one positional argument. Throws UsageError that calls it by `what`.
const std::string& only_positional(const Arguments& arguments, std::string_view what);

}  // namespace loopscope
