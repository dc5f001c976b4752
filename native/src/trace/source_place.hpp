// A place in the source as the trace shows it: the same on every compiler and machine.
#pragma once

#include <string_view>

#include <asyncio/trace.hpp>

namespace asyncio::trace {

struct SourcePlace {
  std::string_view func;  // bare name
  std::string_view file;  // last part of the path
  unsigned line;
};

SourcePlace source_place(const Place& place);

// True inside the library's own coroutines (sleep() ...), which a reader did not write.
bool is_library_place(const Place& place);

}  // namespace asyncio::trace
