// A compiled program, as a side module that this module loads.
#pragma once

#include <asyncio/coro.hpp>

namespace loopscope {

// What a program starts with: exactly one of the two is set.
struct Program {
  int (*main)(int argc, char** argv) = nullptr;
  asyncio::Coro<int> (*co_main)(int argc, char** argv) = nullptr;
};

// Links the side module in the file `path` into this one and runs its constructors. Throws
// std::runtime_error.
Program load_program(const char* path);

}  // namespace loopscope
