// Files as a whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace loopscope {

// The bytes of a file; "-" is standard input. Throws Failure that names it.
std::string read_file(const std::string& path);
// Replaces a file in one step: readers see the old one or the new one. Throws Failure.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace loopscope
