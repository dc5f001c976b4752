// Programs for the differential test: a few bodies, each a list of operations.
//
//   body 0            # the main coroutine; others run as tasks or are awaited directly
//     spawn 1
//     ~ await 0       # "~": goes on after CancelledError; "?": goes on after other exceptions
//   cleanup           # runs when an exception leaves the body
//     sleep 1
//   expected          # what CPython logs
//     0 1 Task-1 begin 0
//
// program.py reads and writes the same; operations/ says what each operation does.
#pragma once

#include <istream>
#include <string>
#include <vector>

namespace fuzz {

struct Operation {
  bool survives_cancellation = false;
  bool survives_errors = false;
  std::vector<std::string> words;  // the name, then the arguments
};

struct Body {
  std::vector<Operation> operations;
  std::vector<Operation> cleanup;
};

struct Program {
  std::vector<Body> bodies;
  int runs = 1;  // main coroutines in one Runner: bodies 0, 1 ...
  std::vector<std::string> expected;
};

// Reads up to a line "end" or the end of the stream. False: there was nothing left to read.
// Throws std::runtime_error with the line where it is none.
bool read(std::istream& in, Program& program);

}  // namespace fuzz
