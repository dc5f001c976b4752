// Where this program's other files are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopscope {

struct Layout {
  std::filesystem::path libraries;       // the folder of the .a files
  std::filesystem::path headers;         // the folder of asyncio/
  std::filesystem::path examples;        // the gallery: a folder for each example
  std::filesystem::path python;          // the program that embeds CPython; a build may lack it
  std::filesystem::path python_package;  // the folder of its package loopscope/
  // Needed besides by programs that are linked with this build's library (sanitizers).
  std::vector<std::string> flags;
};

// In the build tree, its paths; once installed, relative to the executable.
const Layout& layout();

}  // namespace loopscope
