#include <iostream>

#include "arguments.hpp"
#include "commands.hpp"
#include "examples.hpp"
#include "reader/json.hpp"

namespace loopscope {

namespace {

void print_json(const std::vector<Example>& examples) {
  std::cout << "[";
  for (const Example& example : examples) {
    std::cout << (&example == examples.data() ? "\n" : ",\n")
              << "  {\"name\":" << json::quoted(example.name)
              << ",\"title\":" << json::quoted(example.title)
              << ",\"teaches\":" << json::quoted(example.teaches)
              << ",\"group\":" << json::quoted(example.group) << ",\"order\":" << example.order;
    if (!example.needs.empty()) std::cout << ",\"needs\":" << json::quoted(example.needs);
    std::cout << "}";
  }
  std::cout << "\n]\n";
}

void print_text(const std::vector<Example>& examples) {
  std::size_t width = 0;
  for (const Example& example : examples) width = std::max(width, example.name.size());
  const std::string* group = nullptr;
  for (const Example& example : examples) {
    if (!group || *group != example.group)
      std::cout << (group ? "\n" : "") << example.group << "\n";
    group = &example.group;
    std::cout << "  " << example.name << std::string(width - example.name.size(), ' ') << "  "
              << example.title << "\n"
              << std::string(width + 4, ' ') << example.teaches << "\n";
  }
}

int run(std::span<const std::string> words) {
  const Option options[] = {{"--json", ""}};
  const Arguments arguments = parse_arguments(words, options);
  if (!arguments.positional.empty())
    throw UsageError{"\"" + arguments.positional[0] + "\" is one argument too many"};
  const std::vector<Example> examples = read_examples();
  arguments.has("--json") ? print_json(examples) : print_text(examples);
  return 0;
}

}  // namespace

const Command kListCommand{"list", "the examples of the gallery",
                           R"(Usage: loopscope list [--json]

Lists the examples of the gallery: the name to run each one by, its title, and what it teaches.

  --json   the same as JSON: name, title, teaches, group, order, and needs where it needs what
           WebAssembly does not have
)",
                           &run};

}  // namespace loopscope
