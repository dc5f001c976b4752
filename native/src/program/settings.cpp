#include "program/settings.hpp"

namespace asyncio::program {

namespace {
trace::Recorder* the_recorder = nullptr;
bool the_debug_flag = false;
std::string& the_backend() {
  static auto& name = *new std::string;
  return name;
}
}  // namespace

trace::Recorder* recorder() noexcept { return the_recorder; }
void set_recorder(std::unique_ptr<trace::Recorder> recorder) noexcept {
  the_recorder = recorder.release();
}

const std::string& backend() noexcept { return the_backend(); }
void set_backend(std::string name) { the_backend() = std::move(name); }

bool debug() noexcept { return the_debug_flag; }
void set_debug(bool enabled) noexcept { the_debug_flag = enabled; }

std::string compiler_name() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

}  // namespace asyncio::program
