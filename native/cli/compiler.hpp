// The C++ compiler of this machine.
#pragma once

#include <string>
#include <vector>

namespace loopscope {

struct Compiler {
  std::vector<std::string> command;  // its path, and arguments that come with it ("ccache g++")
  std::string version;               // all that --version says
};

// $CXX, otherwise the first of c++, g++, clang++ on the path. Throws Failure.
Compiler find_compiler();

}  // namespace loopscope
