// Running the command line twin as a person does.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reader/trace_file.hpp"

namespace loopscope::testing {

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

struct Ended {
  int code;  // as a shell reports it
  std::string out, err;
};

// A folder that is removed when the test is over.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

std::string read(const std::string& path);

// A command that is running; its standard input is `input`, or empty.
class Running {
 public:
  Running(const Words& words, const Variables& variables, const std::string& input = {});
  // To the command and what it started, as Ctrl-C does.
  void interrupt() const;
  // To the command alone.
  void send(int signal) const;
  Ended wait();

 private:
  Folder folder_;
  pid_t process_ = 0;
};

// Compiled programs are kept in the build tree, so that further test runs are quick.
Variables usual_variables();

// `loopscope WORDS`.
Ended loopscope(const Words& words, const Variables& variables = usual_variables(),
                const std::string& input = {});
// Any program.
Ended run(const Words& words, const Variables& variables, const std::string& input = {});

std::string executable();
// tests/cli/programs/NAME.
std::string program(const std::string& name);

// Reads a trace and expects it to be whole, to its program_end.
std::unique_ptr<Trace> whole_trace(const std::string& path);

}  // namespace loopscope::testing
