#include "trace/read_source.hpp"

#include <cstdio>
#include <memory>
#include <utility>

namespace asyncio::trace {

namespace {

std::string& the_source_folder() {
  static auto& folder = *new std::string;
  return folder;
}

}  // namespace

const std::string& source_folder() { return the_source_folder(); }
void set_source_folder(std::string folder) { the_source_folder() = std::move(folder); }

std::optional<std::string> read_source(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return std::nullopt;
  std::string text;
  char part[16 * 1024];
  while (const std::size_t size = std::fread(part, 1, sizeof part, file.get()))
    text.append(part, size);
  if (std::ferror(file.get())) return std::nullopt;
  return text;
}

}  // namespace asyncio::trace
