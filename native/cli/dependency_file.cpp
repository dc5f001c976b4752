#include "dependency_file.hpp"

#include <string_view>

#include "files.hpp"

namespace loopscope {

std::vector<std::string> read_dependency_file(const std::filesystem::path& path) {
  // A rule of make: "target: file file \<line end> file". A blank within a name has a backslash
  // before it, a dollar sign is doubled.
  const std::string text = read_file(path.string());
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (c == '\\' && (next == ' ' || next == '#')) {
      words.back() += next;
      ++at;
    } else if (c == '\\' && next == '\n') {
      ++at;
    } else if (c == '$' && next == '$') {
      words.back() += '$';
      ++at;
    } else if (c == ' ' || c == '\n') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  words.pop_back();
  if (!words.empty()) words.erase(words.begin());  // the target
  return words;
}

}  // namespace loopscope
