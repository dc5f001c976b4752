// The line of a co_await.
#pragma once

#include <map>
#include <source_location>
#include <string_view>
#include <utility>

namespace asyncio::trace {

// The line on which the awaiting expression begins: what a reader points at, and what Clang
// reports. GCC reports the last token of the operand instead; where the source can be read, that is
// mapped back, so that the twins agree.
unsigned await_line(const std::source_location& where);

// For each co_await in `source` whose operand ends on a later line: the place of the operand's last
// token (line, column, from 1), and the line of the co_await. The same for each gather(...), a
// class whose constructor notes where it is called.
std::map<std::pair<unsigned, unsigned>, unsigned> await_lines(std::string_view source);

}  // namespace asyncio::trace
