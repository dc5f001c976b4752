// A program's source, where its trace needs it.
#pragma once

#include <optional>
#include <string>

namespace asyncio::trace {

// Nothing where it cannot be read.
std::optional<std::string> read_source(const std::string& path);

}  // namespace asyncio::trace
