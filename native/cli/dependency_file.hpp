// What a compiler says it has read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopscope {

// The files in a dependency file (-MMD): the source, and every header that is not the system's.
std::vector<std::string> read_dependency_file(const std::filesystem::path& path);

}  // namespace loopscope
