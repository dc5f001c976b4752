#include "support/trace_text.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace asyncio {

TraceText::TraceText(std::shared_ptr<Clock> clock, trace::Limits limits)
    : recorder_({"test", "virtual", {}}, std::move(clock), limits,
                [this](std::string_view lines) { text_ += lines; }) {}

std::vector<std::string> TraceText::lines() {
  recorder_.flush();
  std::vector<std::string> lines;
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return lines;
}

std::vector<std::string> TraceText::events(const std::vector<std::string>& kinds) {
  std::vector<std::string> found;
  for (const std::string& line : lines()) {
    constexpr std::string_view kKey = R"("kind":")";
    const std::size_t key = line.find(kKey);
    if (key == std::string::npos) continue;
    const std::string event = line.substr(key + kKey.size(), line.size() - key - kKey.size() - 1);
    const std::string kind = event.substr(0, event.find('"'));
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
      found.push_back(kind + event.substr(kind.size() + 1));
  }
  return found;
}

std::vector<std::string> normalised(const std::vector<std::string>& lines,
                                    const std::vector<std::string>& without) {
  // Futures and tasks count apart; a bare "id" stands behind the kind of what it numbers.
  static const std::regex kNumber(
      R"re((?:"(t|handle|parent|task|future|resource|loop|turn|timeout|line)":|(?:"kind":"(\w+)"|^(\w+)),"id":|(Task-))(\d+))re");
  std::map<std::string, std::map<std::string, std::size_t>> seen;
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    std::string text;
    auto rest = line.cbegin();
    for (std::sregex_iterator found(line.begin(), line.end(), kNumber), end; found != end;
         ++found) {
      const std::smatch& match = *found;
      const std::string field =
          match[1].matched ? match[1].str() : match[2].str() + match[3].str() + match[4].str();
      const std::string number = match[5].str();
      text.append(rest, match[0].first);
      rest = match[0].second;
      if (std::find(without.begin(), without.end(), field) != without.end()) continue;
      text.append(match[0].first, match[5].first);
      if (number == "0" || field == "t" || field == "turn" || field == "timeout" ||
          field == "line") {
        text += number;
        continue;
      }
      const std::string kind = field == "parent" && line.find("task_created") == std::string::npos
                                   ? "handle"
                               : field == "parent" ? "task"
                                                   : field;
      auto& numbers = seen[kind];
      text += std::to_string(numbers.emplace(number, numbers.size() + 1).first->second);
    }
    text.append(rest, line.cend());
    out.push_back(std::move(text));
  }
  return out;
}

std::string difference(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  for (std::size_t line = 0; line < std::max(one.size(), other.size()); ++line) {
    const std::string here = line < one.size() ? one[line] : "(the end)";
    const std::string there = line < other.size() ? other[line] : "(the end)";
    if (here != there) return here + "\n" + there;
  }
  return {};
}

}  // namespace asyncio
