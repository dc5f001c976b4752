#include "child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "arguments.hpp"

extern char** environ;  // NOLINT

namespace loopscope {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const Environment& changes) {
  std::vector<std::string> result;
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view text = *variable;
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) result.push_back(name + "=" + value);
  return result;
}

volatile pid_t forward_to = 0;

// The terminal sends Ctrl-C to the child too; what somebody sends to us alone is passed on.
void pass_on(int signal, siginfo_t* info, void*) {
  const int error = errno;
  if (info->si_code <= 0 && forward_to > 0) kill(forward_to, signal);
  errno = error;
}

// While it lives, signals that end a program are the child's business.
class SignalsForChild {
 public:
  SignalsForChild() {
    struct sigaction action{};
    action.sa_sigaction = &pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    for (std::size_t at = 0; at < std::size(kSignals); ++at) {
      sigaction(kSignals[at], nullptr, &previous_[at]);
      // What we were started to ignore stays ignored.
      if (previous_[at].sa_handler != SIG_IGN) sigaction(kSignals[at], &action, nullptr);
    }
  }
  SignalsForChild(const SignalsForChild&) = delete;
  SignalsForChild& operator=(const SignalsForChild&) = delete;
  ~SignalsForChild() {
    forward_to = 0;
    for (std::size_t at = 0; at < std::size(kSignals); ++at)
      sigaction(kSignals[at], &previous_[at], nullptr);
  }

 private:
  static constexpr int kSignals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  struct sigaction previous_[std::size(kSignals)]{};
};

// As posix_spawn(), and the child ends with us, however we end.
int start(pid_t& child, const std::string& program, std::vector<char*> argv,
          std::vector<char*> environment) {
  const pid_t us = getpid();
  int error[2];
  if (pipe2(error, O_CLOEXEC) != 0) return errno;
  child = fork();
  if (child == 0) {
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != us) _exit(1);
    execve(program.c_str(), argv.data(), environment.data());
    const int number = errno;
    static_cast<void>(!write(error[1], &number, sizeof number));
    _exit(127);
  }
  int number = child < 0 ? errno : 0;
  close(error[1]);
  // Nothing comes where the program was started.
  if (child > 0 && read(error[0], &number, sizeof number) > 0) waitpid(child, nullptr, 0);
  close(error[0]);
  return number;
}

ChildEnd wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw Failure{std::string("waitpid: ") + std::strerror(errno)};
  }
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), WTERMSIG(status)};
  return {WEXITSTATUS(status)};
}

}  // namespace

ChildEnd run_child(const std::string& program, const std::vector<std::string>& words,
                   const Environment& changes) {
  std::vector<std::string> argv = words;
  std::vector<std::string> environment = environment_with(changes);
  const SignalsForChild signals;
  pid_t child = 0;
  const int error = start(child, program, pointers(argv), pointers(environment));
  if (error != 0) throw Failure{"cannot start \"" + program + "\": " + std::strerror(error)};
  forward_to = child;
  return wait_for(child);
}

std::optional<std::string> output_of(const std::vector<std::string>& words) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> argv = words;
  pid_t child = 0;
  const int error =
      posix_spawn(&child, argv[0].c_str(), &actions, nullptr, pointers(argv).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string output;
  char block[4096];
  for (ssize_t size = 0; error == 0 && (size = read(ends[0], block, sizeof block)) != 0;) {
    if (size > 0)
      output.append(block, static_cast<std::size_t>(size));
    else if (errno != EINTR)
      break;
  }
  close(ends[0]);
  if (error != 0 || wait_for(child).exit_code != 0) return std::nullopt;
  return output;
}

std::string signal_text(int signal) {
#if defined(__GLIBC__)
  const char* name = sigabbrev_np(signal);
#else
  const char* name = nullptr;
#endif
  const std::string short_name = name ? "SIG" + std::string(name) : std::to_string(signal);
  return "signal " + std::to_string(signal) + ", " + short_name + " (" + strsignal(signal) + ")";
}

}  // namespace loopscope
