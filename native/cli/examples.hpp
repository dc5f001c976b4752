// The gallery's examples, as their cards describe them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopscope {

struct Example {
  std::string name;  // the folder
  std::string title, teaches, group;
  std::string needs;  // what WebAssembly does not have: "threads", "signals"; mostly nothing
  double order = 0;
  std::filesystem::path source;
};

// Those with a C++ program, in the gallery's order. Throws Failure that names the card and the
// field that is not as it must be.
std::vector<Example> read_examples();

// The C++ source of an example, or "" where there is none of that name.
std::filesystem::path example_source(const std::string& name);

}  // namespace loopscope
