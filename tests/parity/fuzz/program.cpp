#include "program.hpp"

#include <sstream>
#include <stdexcept>

namespace fuzz {

namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line.substr(0, line.find('#')));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Operation operation_of(std::vector<std::string> words) {
  Operation operation;
  if (words.front().find_first_not_of("~?") == std::string::npos) {
    operation.survives_cancellation = words.front().find('~') != std::string::npos;
    operation.survives_errors = words.front().find('?') != std::string::npos;
    words.erase(words.begin());
  }
  operation.words = std::move(words);
  return operation;
}

}  // namespace

bool read(std::istream& in, Program& program) {
  program = {};
  std::vector<Operation>* into = nullptr;
  bool expected = false;
  bool any = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "end") return true;
    any = true;
    if (expected) {
      program.expected.push_back(line.substr(std::min(line.size(), line.find_first_not_of(' '))));
      continue;
    }
    std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    if (words[0] == "runs" && !into) {
      program.runs = std::stoi(words.at(1));
    } else if (words[0] == "body") {
      into = &program.bodies.emplace_back().operations;
    } else if (words[0] == "cleanup" && !program.bodies.empty()) {
      into = &program.bodies.back().cleanup;
    } else if (words[0] == "expected") {
      expected = true;
    } else if (into) {
      into->push_back(operation_of(std::move(words)));
    } else {
      throw std::runtime_error("an operation outside any body: " + line);
    }
  }
  return any;
}

}  // namespace fuzz
