// Files as messages name them.
#pragma once

#include <string_view>

namespace asyncio::detail {

// The last part of a path: the same on every machine, as in the trace.
constexpr std::string_view bare_file_name(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

}  // namespace asyncio::detail
