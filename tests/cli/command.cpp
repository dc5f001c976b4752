#include "cli/command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace loopscope::testing {

namespace {

void redirect(const std::string& path, int flags, int fd) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, fd) < 0) _exit(126);
}

}  // namespace

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "loopscope-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Running::Running(const Words& words, const Variables& variables, const std::string& input) {
  folder_.write("in", input);
  process_ = fork();
  if (process_ != 0) return;
  setpgid(0, 0);
  redirect(folder_.path("in"), O_RDONLY, STDIN_FILENO);
  redirect(folder_.path("out"), O_WRONLY | O_CREAT, STDOUT_FILENO);
  redirect(folder_.path("err"), O_WRONLY | O_CREAT, STDERR_FILENO);
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

void Running::interrupt() const { kill(-process_, SIGINT); }

void Running::send(int signal) const { kill(process_, signal); }

Ended Running::wait() {
  int status = 0;
  waitpid(process_, &status, 0);
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, read(folder_.path("out")), read(folder_.path("err"))};
}

Variables usual_variables() {
  // AddressSanitizer leaves a crash to the program, as it is without it.
  return {{"XDG_CACHE_HOME", LOOPSCOPE_TEST_CACHE}, {"ASAN_OPTIONS", "handle_segv=0"}};
}

Ended run(const Words& words, const Variables& variables, const std::string& input) {
  return Running(words, variables, input).wait();
}

Ended loopscope(const Words& words, const Variables& variables, const std::string& input) {
  Words all{executable()};
  all.insert(all.end(), words.begin(), words.end());
  return run(all, variables, input);
}

std::string executable() { return LOOPSCOPE_EXECUTABLE; }

std::string program(const std::string& name) { return LOOPSCOPE_TEST_PROGRAMS "/" + name; }

std::unique_ptr<Trace> whole_trace(const std::string& path) {
  std::unique_ptr<Trace> trace = read_trace(read(path));
  EXPECT_FALSE(trace->problem()) << trace->problem()->message;
  EXPECT_TRUE(trace->ended()) << "there is no program_end in " << path;
  return trace;
}

}  // namespace loopscope::testing
