// The C++ half of the differential test against CPython.
//
//   fuzz_interpreter < PROGRAMS          each program's log, each followed by "end"
//   fuzz_interpreter --check FILE...     runs each and compares with what the file expects
//   fuzz_interpreter --cut-off < PROGRAMS     runs each cut off after every number of turns, for
//                                        AddressSanitizer to see; "end" for each
//   fuzz_interpreter --operations        the names of the operations that it has
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <asyncio/log.hpp>

#include "machine.hpp"
#include "operations/registry.hpp"
#include "support/cut_off.hpp"

namespace {

int cut_off_all(std::istream& in) {
  fuzz::Program program;
  while (fuzz::read(in, program)) {
    asyncio::cut_off_everywhere([&program] { static_cast<void>(fuzz::run(program)); });
    std::cout << "end" << std::endl;
  }
  return 0;
}

int run_all(std::istream& in) {
  fuzz::Program program;
  while (fuzz::read(in, program)) {
    for (const std::string& line : fuzz::run(program)) std::cout << line << "\n";
    std::cout << "end" << std::endl;  // flushed: if the next one crashes, one can see which
  }
  return 0;
}

// Prints the first line that differs, both ways. True: none does.
bool check(const std::string& path) {
  std::ifstream file(path);
  fuzz::Program program;
  if (!file || !fuzz::read(file, program) || program.expected.empty()) {
    std::cerr << path << ": no program with an expected log\n";
    return false;
  }
  const std::vector<std::string> log = fuzz::run(program);
  for (std::size_t line = 0; line < std::max(log.size(), program.expected.size()); ++line) {
    const std::string here = line < log.size() ? log[line] : "(nothing)";
    const std::string there = line < program.expected.size() ? program.expected[line] : "(nothing)";
    if (here == there) continue;
    std::cerr << path << ": line " << line + 1 << " of the log differs\n  here    " << here
              << "\n  CPython " << there << "\n";
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  asyncio::set_log_sink(nullptr);
  try {
    if (argc < 2) return run_all(std::cin);
    if (argc == 2 && std::string(argv[1]) == "--cut-off") return cut_off_all(std::cin);
    if (argc == 2 && std::string(argv[1]) == "--operations") {
      std::cout << "runs\n";  // several in one Runner
      for (const auto& [name, run] : fuzz::operations().waits) std::cout << name << "\n";
      for (const auto& [name, run] : fuzz::operations().acts) std::cout << name << "\n";
      return 0;
    }
    if (argc < 3 || std::string(argv[1]) != "--check") {
      std::cerr << "usage: fuzz_interpreter [--check FILE... | --cut-off | --operations]\n";
      return 2;
    }
    int failed = 0;
    for (int index = 2; index < argc; ++index) failed += check(argv[index]) ? 0 : 1;
    std::cout << argc - 2 - failed << " passed, " << failed << " failed\n";
    return failed == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "fuzz_interpreter: " << error.what() << "\n";
    return 1;
  }
}
