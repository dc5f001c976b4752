#include "program/environment.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include <asyncio/log.hpp>

#include "backends/registry.hpp"
#include "program/chance.hpp"
#include "program/process_end.hpp"
#include "program/settings.hpp"
#include "program/trace_report.hpp"
#include "program/virtual_process_time.hpp"
#include "trace/file_sink.hpp"
#include "trace/output_capture.hpp"
#include "trace/read_source.hpp"

namespace asyncio::program {

namespace {

// So that a program without an end does not fill the disk: some 250 MB.
constexpr std::uint64_t kMostEvents = 2'000'000;
constexpr std::uint64_t kMostOutput = 64'000'000;

#if !defined(LOOPSCOPE_GUEST)
#define LOOPSCOPE_GUEST "cpp"  // native/python builds this file for Python
#endif
constexpr std::string_view kGuest = LOOPSCOPE_GUEST;

// For this process alone: its children inherit the others.
constexpr const char* kOwnVariables[] = {"LOOPSCOPE_PROGRAM", "LOOPSCOPE_SOURCE",
                                         "LOOPSCOPE_TRACE_REPORT"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

[[noreturn]] void refuse(const std::string& message) {
  std::fprintf(stderr, "loopscope: %s\n", message.c_str());
  std::_Exit(2);
}

// The file's name without folder and ending.
std::string program_name() {
  std::string name = variable("LOOPSCOPE_PROGRAM");
  if (!name.empty()) return name;
  name = program_path();
  name = name.substr(name.find_last_of('/') + 1);
  return name.substr(0, name.rfind('.'));
}

// What `loopscope run` says the program was made of; a program that is started by itself does not
// know.
std::optional<trace::Source> source_file() {
  const std::string path = variable("LOOPSCOPE_SOURCE");
  if (path.empty()) return std::nullopt;
  trace::set_source_folder(path.substr(0, path.find_last_of('/') + 1));
  const auto text = trace::read_source(path);
  if (!text) return std::nullopt;
  return trace::Source{path.substr(path.find_last_of('/') + 1), *text};
}

std::string chosen_backend() {
  const std::string clock = variable("LOOPSCOPE_CLOCK");
  const std::string loop = variable("LOOPSCOPE_LOOP");
  if (clock != "" && clock != "real" && clock != "virtual")
    refuse("LOOPSCOPE_CLOCK is \"" + clock + "\"; it can be real or virtual");
  const auto backends = available_backends();
  const bool known = std::any_of(backends.begin(), backends.end(),
                                 [&](const auto& info) { return info.name == loop; });
  if (!loop.empty() && !known) {
    std::string names;
    for (const auto& info : backends) names += (names.empty() ? "" : ", ") + std::string(info.name);
    refuse("LOOPSCOPE_LOOP is \"" + loop + "\"; it can be " + names);
  }
  return clock == "virtual" ? "virtual" : loop;
}

// Under the virtual clock a program does the same at every run; otherwise only if it is asked to.
std::optional<std::uint32_t> chosen_seed(bool is_virtual) {
  const std::string text = variable("LOOPSCOPE_SEED");
  if (text.empty()) return is_virtual ? std::optional<std::uint32_t>(0) : std::nullopt;
  std::uint32_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, seed);
  if (at != end || error != std::errc())
    refuse("LOOPSCOPE_SEED is \"" + text + "\"; it must be a number from 0 to 4294967295");
  return seed;
}

trace::Limits limits() {
  const std::string events = variable("LOOPSCOPE_TRACE_EVENTS");
  trace::Limits limits{.events = kMostEvents, .output_bytes = kMostOutput};
  const char* const end = events.data() + events.size();
  if (!events.empty() && std::from_chars(events.data(), end, limits.events).ptr != end)
    refuse("LOOPSCOPE_TRACE_EVENTS is \"" + events + "\"; it must be a number");
  if (limits.events == 0) limits.output_bytes = 0;
  return limits;
}

// The trace's file, for messages where nothing can be allocated.
std::string& trace_path() {
  static auto& path = *new std::string;
  return path;
}

// Tells `loopscope run` what became of the trace: see trace_report.hpp.
int report_descriptor = -1;
void report(char what) noexcept {
  if (report_descriptor >= 0) static_cast<void>(!write(report_descriptor, &what, 1));
}

void say_that_it_failed(int error) noexcept {
  const char* const reason = strerrordesc_np(error);
  for (const std::string_view part :
       {std::string_view("loopscope: cannot write the trace to \""), std::string_view(trace_path()),
        std::string_view("\": "), std::string_view(reason ? reason : "unknown error"),
        std::string_view("; it ends there\n")})
    trace::write_uncaptured_stderr(part);
  report(kTraceFailed);
}

// "%p" is the number of the process: each has a file of its own then.
std::string with_process(std::string path) {
  const std::size_t at = path.find("%p");
  if (at != std::string::npos) path.replace(at, 2, std::to_string(getpid()));
  return path;
}

void start_trace(const std::string& named, const std::string& backend) {
  const std::string path = with_process(named);
  if (named == "-" || trace::is_file_of(STDOUT_FILENO, path) ||
      trace::is_file_of(STDERR_FILENO, path))
    refuse("the trace cannot go to \"" + named + "\", where the program prints: name a file");
  trace_path() = path;
  trace::Header header{program_name(), backend == "virtual" ? "virtual" : "real", {}};
  const EventLoop::Backend made = make_backend(backend);
  header.host = {{"twin", "native"},
                 {"backend", std::string(made.poller->name())},
                 {"platform", platform_name()},
                 {"compiler", compiler_name()}};
  header.guest = kGuest;
  header.source = source_file();
  int error = 0;
  trace::Sink sink = trace::open_file_sink(
      path, {&say_that_it_failed, []() noexcept { report(kTraceEnded); }}, error);
  if (!sink && error == EWOULDBLOCK) {
    std::fprintf(stderr,
                 "loopscope: this process is not traced: another one is writing its trace to "
                 "\"%s\"; a %%p in the name stands for the process's number\n",
                 path.c_str());
    return;
  }
  if (!sink) refuse("cannot write the trace to \"" + path + "\": " + std::strerror(error));
  report(kTraceBegun);
  set_recorder(std::make_unique<trace::Recorder>(header, made.clock, limits(), std::move(sink)));
  // An interpreter has streams of its own, and takes ours for closed if they are no descriptors.
  if (kGuest == "cpp") trace::capture_output(*recorder());
  record_process_end(*recorder());
  pthread_atfork([] { recorder()->before_fork(); }, [] { recorder()->after_fork(false); },
                 [] { recorder()->after_fork(true); });
}

void open_report() {
  const std::string number = variable("LOOPSCOPE_TRACE_REPORT");
  int fd = -1;
  std::from_chars(number.data(), number.data() + number.size(), fd);
  if (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) report_descriptor = fd;
}

void print_log(LogLevel level, std::string_view text) noexcept {
  const char* name = level == LogLevel::error ? "error" : "warning";
  const std::string line = std::string(name) + ": " + std::string(text) + "\n";
  trace::write_uncaptured_stderr(line);
}

bool read_once() {
  set_log_sink(&print_log);
  const std::string backend = chosen_backend();
  set_backend(backend);
  set_debug(variable("LOOPSCOPE_DEBUG") == "1");
  if (backend == "virtual") make_process_time_virtual();
  if (const auto seed = chosen_seed(backend == "virtual")) make_chance_repeatable(*seed);
  open_report();
  if (const std::string path = variable("LOOPSCOPE_TRACE"); !path.empty()) {
    start_trace(path, backend);
    // A child would empty its parent's file.
    if (path.find("%p") == std::string::npos) unsetenv("LOOPSCOPE_TRACE");
  }
  for (const char* const name : kOwnVariables) unsetenv(name);
  return true;
}

// Before main(), so that what it prints first is in the trace too.
[[maybe_unused]] const bool read_early =
    loopscope_only_starts_programs == nullptr && (read_environment(), true);

}  // namespace

void read_environment() {
  static const bool done = read_once();
  static_cast<void>(done);
}

}  // namespace asyncio::program
