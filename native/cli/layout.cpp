#include "layout.hpp"

#include <sstream>
#include <system_error>

namespace loopscope {

namespace {

namespace fs = std::filesystem;

fs::path executable_folder() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  return executable.parent_path();
}

Layout find_layout() {
  const fs::path here = executable_folder();
  Layout found;
  std::error_code error;
  if (fs::equivalent(here, LOOPSCOPE_BUILD_BIN, error)) {
    found = {LOOPSCOPE_BUILD_LIBRARIES, LOOPSCOPE_SOURCE_HEADERS, LOOPSCOPE_SOURCE_EXAMPLES,
             here / "loopscope-python", LOOPSCOPE_SOURCE_PYTHON,  {}};
  } else {
    found = {(here / LOOPSCOPE_INSTALLED_LIBRARIES).lexically_normal(),
             (here / LOOPSCOPE_INSTALLED_HEADERS).lexically_normal(),
             (here / LOOPSCOPE_INSTALLED_EXAMPLES).lexically_normal(),
             here / "loopscope-python",
             (here / LOOPSCOPE_INSTALLED_PYTHON).lexically_normal(),
             {}};
  }
  std::istringstream flags(LOOPSCOPE_PROGRAM_FLAGS);
  for (std::string flag; flags >> flag;) found.flags.push_back(flag);
  return found;
}

}  // namespace

const Layout& layout() {
  static const Layout found = find_layout();
  return found;
}

}  // namespace loopscope
