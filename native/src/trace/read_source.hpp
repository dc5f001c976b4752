// A program's source, where its trace needs it.
#pragma once

#include <optional>
#include <string>

namespace asyncio::trace {

// Nothing where it cannot be read.
std::optional<std::string> read_source(const std::string& path);

// With a slash at its end: where the files are that a compiler was told to name without a folder.
// Empty: in the current one.
const std::string& source_folder();
void set_source_folder(std::string folder);

}  // namespace asyncio::trace
