#include "compiler.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "arguments.hpp"
#include "child_process.hpp"

namespace loopscope {

namespace {

// The full path of a program, or "".
std::string on_path(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return access(name.c_str(), X_OK) == 0 ? std::filesystem::absolute(name).string() : "";
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = (folder.empty() ? "." : folder) + "/" + name;
    if (access(file.c_str(), X_OK) == 0 && !std::filesystem::is_directory(file)) return file;
  }
  return "";
}

std::vector<std::string> command_of_environment(const std::string& text) {
  std::vector<std::string> command;
  std::istringstream words(text);
  for (std::string word; words >> word;) command.push_back(word);
  if (command.empty()) return command;
  const std::string path = on_path(command[0]);
  if (path.empty())
    throw Failure{"the compiler \"" + command[0] + "\" that CXX names is not there"};
  command[0] = path;
  return command;
}

// GCC before 13: it destroys some temporaries of co_await expressions twice.
bool destroys_twice(const std::string& path) {
  const auto about = output_of({path, "--version"});
  const auto version = output_of({path, "-dumpversion"});
  return about && version && about->find("Free Software Foundation") != std::string::npos &&
         std::atoi(version->c_str()) < 13;
}

// Another one where `path` is such a compiler and there is another.
std::string better_than(const std::string& path) {
  if (!destroys_twice(path)) return path;
  for (const char* name : {"g++-15", "g++-14", "g++-13", "clang++-21", "clang++-20", "clang++-19"})
    if (const std::string better = on_path(name); !better.empty()) return better;
  return path;
}

std::vector<std::string> compiler_command() {
  if (const char* cxx = std::getenv("CXX"))
    if (std::vector<std::string> command = command_of_environment(cxx); !command.empty())
      return command;
  for (const char* name : {"c++", "g++", "clang++"})
    if (const std::string path = on_path(name); !path.empty()) return {better_than(path)};
  throw Failure{
      "no C++ compiler was found (c++, g++, clang++): install g++, or say in CXX where one is"};
}

}  // namespace

Compiler find_compiler() {
  Compiler compiler{compiler_command(), {}};
  std::vector<std::string> ask = compiler.command;
  ask.emplace_back("--version");
  const auto version = output_of(ask);
  if (!version)
    throw Failure{"the compiler \"" + compiler.command[0] + "\" does not answer to --version"};
  compiler.version = *version;
  return compiler;
}

}  // namespace loopscope
