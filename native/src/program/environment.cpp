#include "program/environment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include <asyncio/log.hpp>

#include "backends/registry.hpp"
#include "program/process_end.hpp"
#include "program/settings.hpp"
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

trace::Limits limits() {
  const std::string events = variable("LOOPSCOPE_TRACE_EVENTS");
  trace::Limits limits{.events = kMostEvents, .output_bytes = kMostOutput};
  const char* const end = events.data() + events.size();
  if (!events.empty() && std::from_chars(events.data(), end, limits.events).ptr != end)
    refuse("LOOPSCOPE_TRACE_EVENTS is \"" + events + "\"; it must be a number");
  if (limits.events == 0) limits.output_bytes = 0;
  return limits;
}

void start_trace(const std::string& path, const std::string& backend) {
  trace::Header header{program_name(), backend == "virtual" ? "virtual" : "real", {}};
  const EventLoop::Backend made = make_backend(backend);
  header.host = {{"twin", "native"},
                 {"backend", std::string(made.poller->name())},
                 {"platform", platform_name()},
                 {"compiler", compiler_name()}};
  header.guest = kGuest;
  header.source = source_file();
  std::string error;
  trace::Sink sink = trace::open_file_sink(path, error);
  if (!sink) refuse("cannot write the trace to \"" + path + "\": " + error);
  set_recorder(std::make_unique<trace::Recorder>(header, made.clock, limits(), std::move(sink)));
  // An interpreter has streams of its own, and takes ours for closed if they are no descriptors.
  if (kGuest == "cpp") trace::capture_output(*recorder());
  record_process_end(*recorder());
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
  if (const std::string path = variable("LOOPSCOPE_TRACE"); !path.empty())
    start_trace(path, backend);
  return true;
}

// Before main(), so that what it prints first is in the trace too.
[[maybe_unused]] const bool read_early = (read_environment(), true);

}  // namespace

void read_environment() {
  static const bool done = read_once();
  static_cast<void>(done);
}

}  // namespace asyncio::program
