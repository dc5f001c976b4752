// The native command line twin: `loopscope`.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <vector>

#include "arguments.hpp"
#include "commands.hpp"
#include "program/environment.hpp"

namespace loopscope {

namespace {

constexpr std::string_view kVersion = LOOPSCOPE_VERSION;

const Command* const kCommands[] = {&kRunCommand, &kTraceCommand, &kListCommand, &kLoopsCommand};

void print_help() {
  std::cout << "loopscope: an event loop you can watch\n\n"
               "Usage: loopscope COMMAND [ARGUMENTS]\n\n"
               "Commands:\n";
  for (const Command* command : kCommands) {
    std::string name(command->name);
    name.resize(8, ' ');
    std::cout << "  " << name << command->summary << "\n";
  }
  std::cout
      << "\nOptions:\n"
         "  --help      this text; after a command, all about that command\n"
         "  --version   the version\n\n"
         "Exit codes: 0 done, 1 failed, 2 wrong usage; `run` passes on that of the program.\n";
}

bool asks_for_help(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

const Command& command_named(const std::string& name) {
  std::string names;
  for (const Command* command : kCommands) {
    if (command->name == name) return *command;
    names += (names.empty() ? "" : ", ") + std::string(command->name);
  }
  throw UsageError{"unknown " + std::string(name.starts_with('-') ? "option" : "command") + " \"" +
                   name + "\"; the commands are " + names};
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) throw UsageError{"a command is missing; loopscope --help lists them"};
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_help();
    return 0;
  }
  if (words[0] == "--version") {
    std::cout << "loopscope " << kVersion << "\n";
    return 0;
  }
  const Command& command = command_named(words[0]);
  const auto rest = std::span(words).subspan(1);
  if (asks_for_help(rest)) {
    std::cout << command.help;
    return 0;
  }
  try {
    return command.run(rest);
  } catch (UsageError& error) {
    error.message += "; loopscope " + std::string(command.name) + " --help says more";
    throw;
  }
}

int run(const std::vector<std::string>& words) {
  try {
    const int code = dispatch(words);
    std::cout.flush();
    if (std::cout) return code;
    throw Failure{"cannot write to standard output"};
  } catch (const UsageError& error) {
    std::cerr << "loopscope: " << error.message << "\n";
    return 2;
  } catch (const Failure& failure) {
    std::cout.flush();
    std::cerr << "loopscope: " << failure.message << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cout.flush();
    std::cerr << "loopscope: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace

}  // namespace loopscope

// The variables of a trace are meant for what `run` starts.
extern "C" void loopscope_only_starts_programs() {}

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return loopscope::run({argv + std::min(argc, 1), argv + argc});
}
