#include "arguments.hpp"

#include <algorithm>

namespace loopscope {

namespace {

const Option& option_named(std::string_view name, std::span<const Option> options) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.name == name; });
  if (found == options.end()) throw UsageError{"unknown option \"" + std::string(name) + "\""};
  return *found;
}

}  // namespace

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end()) return std::nullopt;
  return found->second;
}

Arguments parse_arguments(std::span<const std::string> words, std::span<const Option> options,
                          bool takes_rest) {
  Arguments arguments;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--" && takes_rest) {
      arguments.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
      break;
    }
    if (!word.starts_with('-') || word == "-") {  // "-": standard input or output
      arguments.positional.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const Option& option = option_named(std::string_view(word).substr(0, equals), options);
    const std::string name(option.name);
    if (arguments.has(name)) throw UsageError{name + " is given twice"};
    std::string value;
    if (option.value.empty()) {
      if (equals != std::string::npos) throw UsageError{name + " takes no value"};
    } else if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (at + 1 < words.size() && !words[at + 1].starts_with("--")) {
      value = words[++at];
    }
    if (!option.value.empty() && value.empty())
      throw UsageError{name + " needs a value: " + std::string(option.value)};
    arguments.options[name] = value;
  }
  return arguments;
}

const std::string& only_positional(const Arguments& arguments, std::string_view what) {
  if (arguments.positional.empty()) throw UsageError{std::string(what) + " is missing"};
  if (arguments.positional.size() > 1)
    throw UsageError{"\"" + arguments.positional[1] + "\" is one argument too many"};
  return arguments.positional.front();
}

}  // namespace loopscope
