// The C functions that JavaScript calls (RunnerModule of web/src/runtimes/cpp/runner_module.ts).
#include <cxxabi.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <emscripten/emscripten.h>

#include "backends/registry.hpp"
#include "runner/session.hpp"

namespace {

loopscope::Session* session = nullptr;

[[maybe_unused]] const bool backends_registered = (loopscope::register_js_backends(), true);

}  // namespace

extern "C" {

// Starts the trace of this module's one run. Zero limits are none. An unknown backend is reported
// by the caller, which has the list.
EMSCRIPTEN_KEEPALIVE void loopscope_session(const char* program, const char* backend,
                                            const char* platform, const char* source_name,
                                            const char* source_text, bool debug, bool hosted,
                                            double events, double output_bytes) {
  session = new loopscope::Session(
      {program,
       backend,
       platform,
       {source_name, source_text},
       debug,
       hosted,
       {static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(output_bytes)}});
}

// Loads and runs a program. Returns only from a hosted run; else the module exits.
EMSCRIPTEN_KEEPALIVE void loopscope_start(const char* path, int argc, char** argv) {
  session->start(path, std::vector<std::string>(argv, argv + argc));
}

EMSCRIPTEN_KEEPALIVE double loopscope_advance(double budget) { return session->advance(budget); }

EMSCRIPTEN_KEEPALIVE void loopscope_output(int fd, const char* data, std::size_t size) {
  session->output(fd, {data, size});
}

// Without an error the program exited.
EMSCRIPTEN_KEEPALIVE void loopscope_end(int code, const char* error) {
  session->end(code, error ? std::string_view(error) : std::string_view());
}

// How the program ended, if it already told; else null.
EMSCRIPTEN_KEEPALIVE const char* loopscope_error() { return session->error(); }

// `name` as a person would write it; the caller frees it.
EMSCRIPTEN_KEEPALIVE char* loopscope_demangle(const char* name) {
  int status = 0;
  return abi::__cxa_demangle(name, nullptr, nullptr, &status);
}

// One "name<TAB>about" a line.
EMSCRIPTEN_KEEPALIVE const char* loopscope_backends() {
  static std::string text;
  text.clear();
  for (const asyncio::BackendInfo& info : asyncio::available_backends())
    text += std::string(info.name) + "\t" + std::string(info.about) + "\n";
  return text.c_str();
}
}
