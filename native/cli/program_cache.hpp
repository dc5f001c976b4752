// Compiled programs, kept by what they were made of.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace loopscope {

// Compiles a C++ source against this build's library, or finds it compiled: with the same bytes of
// source, headers and library, flags, and compiler. Gives the executable. The compiler's messages
// go where ours go; nullopt where it fails.
//
// Kept in ${XDG_CACHE_HOME:-~/.cache}/loopscope/programs; what was not used for a month is removed.
std::optional<std::filesystem::path> compiled_program(const std::filesystem::path& source);

}  // namespace loopscope
