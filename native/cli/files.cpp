#include "files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "arguments.hpp"

namespace loopscope {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw Failure{what + " \"" + path + "\": " + std::strerror(errno)};
}

}  // namespace

std::string read_file(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  errno = 0;
  if (std::filesystem::is_directory(path)) errno = EISDIR;
  std::ifstream file(path, std::ios::binary);
  if (!file || errno == EISDIR) fail("cannot read", path);
  std::string bytes;
  // Not by iterators: traces are long.
  char block[64 * 1024];
  while (file.read(block, sizeof block) || file.gcount() > 0)
    bytes.append(block, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) fail("cannot read", path);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += "." + std::to_string(getpid()) + ".tmp";
  errno = 0;
  std::ofstream file(temporary, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    const int error = errno;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    errno = error;
    fail("cannot write", path.string());
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) throw Failure{"cannot write \"" + path.string() + "\": " + error.message()};
}

}  // namespace loopscope
