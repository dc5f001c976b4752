#include "examples.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <tuple>

#include "arguments.hpp"
#include "files.hpp"
#include "layout.hpp"

namespace loopscope {

namespace {

namespace fs = std::filesystem;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  text = text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// "key: value" between two lines "---".
std::map<std::string, std::string, std::less<>> front_matter(const std::string& card,
                                                             std::string_view text) {
  std::map<std::string, std::string, std::less<>> fields;
  int fences = 0;
  while (!text.empty() && fences < 2) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (trimmed(line) == "---") {
      ++fences;
    } else if (fences == 0) {
      break;
    } else if (const std::size_t colon = line.find(':'); colon != line.npos) {
      fields.emplace(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
  }
  if (fences < 2) throw Failure{card + ": no front matter (--- ... ---)"};
  return fields;
}

Example read_card(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const std::string card = "examples/" + name + "/about.md";
  const auto fields = front_matter(card, read_file((folder / "about.md").string()));
  const auto field = [&](std::string_view key) {
    const auto found = fields.find(key);
    if (found == fields.end() || found->second.empty())
      throw Failure{card + ": \"" + std::string(key) + "\" is missing"};
    return found->second;
  };
  Example example{name, field("title"),     field("teaches"), field("group"), {},
                  0,    folder / "main.cpp"};
  if (const auto needs = fields.find("needs"); needs != fields.end()) example.needs = needs->second;
  const std::string order = field("order");
  const char* const end = order.data() + order.size();
  if (std::from_chars(order.data(), end, example.order).ptr != end)
    throw Failure{card + ": \"order\" is not a number"};
  return example;
}

}  // namespace

std::vector<Example> read_examples() {
  std::error_code error;
  std::vector<Example> examples;
  for (const auto& entry : fs::directory_iterator(layout().examples, error))
    if (fs::exists(entry.path() / "main.cpp")) examples.push_back(read_card(entry.path()));
  if (error)
    throw Failure{"the examples are not where they should be: \"" + layout().examples.string() +
                  "\": " + error.message()};
  std::sort(examples.begin(), examples.end(), [](const Example& a, const Example& b) {
    return std::tie(a.order, a.name) < std::tie(b.order, b.name);
  });
  return examples;
}

fs::path example_source(const std::string& name) {
  const fs::path source = layout().examples / name / "main.cpp";
  return fs::exists(source) ? source : fs::path();
}

}  // namespace loopscope
