#include "runner/session.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <asyncio/log.hpp>
#include <asyncio/run.hpp>

#include "backends/clocks.hpp"
#include "backends/registry.hpp"
#include "js_poller.hpp"
#include "program/environment.hpp"
#include "program/settings.hpp"
#include "runner/host.hpp"
#include "runner/virtual_sleep.hpp"

// Here the host decides, not the environment (session options).
void asyncio::program::read_environment() {}

namespace loopscope {

namespace {

constexpr std::size_t kReserve = 256 * 1024;

// Only one thing can be told about an exception that nobody catches, and it must be told before the
// stack is gone.
Session* session_at_end = nullptr;

void on_terminate() {
  std::string text = "std::terminate() was called";
  if (const std::exception_ptr error = std::current_exception())
    text = "uncaught exception " + asyncio::describe(error);
  session_at_end->end(128 + 6, text);
  std::abort();
}

asyncio::EventLoop::Backend host_driven() {
  return {std::make_shared<asyncio::MonotonicClock>(), std::make_shared<JsPoller>(nullptr)};
}
asyncio::EventLoop::Backend blocking() {
  return {std::make_shared<asyncio::MonotonicClock>(), std::make_shared<JsPoller>(&host::sleep)};
}

void print_log(asyncio::LogLevel level, std::string_view text) noexcept {
  const char* name = level == asyncio::LogLevel::error ? "error" : "warning";
  host::print(2, std::string(name) + ": " + std::string(text) + "\n");
}

}  // namespace

void register_js_backends() {
  asyncio::register_backend(
      {"js-blocking", "blocks its worker while it waits, real time", &blocking});
  asyncio::register_backend(
      {"js", "the host's own event loop and timers, real time; needs co_main()", &host_driven});
}

Session::Session(const Options& options) : hosted_(options.hosted), reserve_(new char[kReserve]) {
  const asyncio::EventLoop::Backend made = asyncio::make_backend(options.backend);
  asyncio::trace::Header header{
      options.program, options.backend == "virtual" ? "virtual" : "real", {}};
  header.host = {{"twin", "wasm"},
                 {"backend", std::string(made.poller->name())},
                 {"platform", options.platform},
                 {"compiler", asyncio::program::compiler_name()}};
  header.source = options.source;
  auto recorder =
      std::make_unique<asyncio::trace::Recorder>(header, made.clock, options.limits, &host::trace);
  recorder_ = recorder.get();
  recorder_->set_eager(asyncio::trace::Recorder::Eager::yes);
  asyncio::program::set_backend(options.backend);
  asyncio::program::set_recorder(std::move(recorder));
  asyncio::program::set_debug(options.debug);
  if (options.backend == "virtual") make_process_time_virtual();
  asyncio::set_log_sink(&print_log);
  // Unbuffered, as natively: what is printed keeps its place among the events.
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  std::setvbuf(stderr, nullptr, _IONBF, 0);
  session_at_end = this;
  std::set_terminate(&on_terminate);
}

void Session::start(const char* path, std::vector<std::string> args) {
  args_ = std::move(args);
  for (std::string& arg : args_) argv_.push_back(arg.data());
  argv_.push_back(nullptr);
  const int argc = static_cast<int>(args_.size());
  try {
    const Program program = load_program(path);
    if (program.main) std::exit(program.main(argc, argv_.data()));
    // No place: a reader did not write this line.
    const std::source_location nowhere;
    if (!hosted_)
      std::exit(asyncio::run(program.co_main(argc, argv_.data()), std::nullopt, {}, nowhere));
    run_.emplace(program.co_main(argc, argv_.data()), std::nullopt, nowhere);
  } catch (...) {
    std::terminate();
  }
}

double Session::advance(double budget) {
  try {
    const double until = host::now() + budget;
    for (;;) {
      const std::optional<asyncio::Duration> left = run_->next_timeout();
      // Nothing ready, no timer: nothing can ever come. A turn without a limit says who waits for
      // what.
      if (!left) run_->loop().turn();
      if (left > asyncio::Duration::zero())
        return std::chrono::duration<double, std::milli>(*left).count();
      if (host::now() >= until) return 0;
      run_->advance();
      if (!run_->finished()) continue;
      const int code = run_->result();
      run_.reset();
      std::exit(code);
    }
  } catch (...) {
    std::terminate();
  }
}

void Session::output(int fd, std::string_view text) noexcept {
  using asyncio::trace::Stream;
  host::print(fd, text);
  recorder_->output(fd == 2 ? Stream::standard_error : Stream::standard_output, text);
}

void Session::end(int code, std::string_view error) noexcept {
  reserve_.reset();
  if (error_[0] == '\0') error.copy(error_, sizeof error_ - 1);
  recorder_->finish({!error.empty(), code, error});
}

}  // namespace loopscope
