#include <algorithm>
#include <iostream>

#include "arguments.hpp"
#include "backends/registry.hpp"
#include "commands.hpp"

namespace loopscope {

namespace {

int run(std::span<const std::string> words) {
  const Arguments arguments = parse_arguments(words, {});
  if (!arguments.positional.empty())
    throw UsageError{"\"" + arguments.positional[0] + "\" is one argument too many"};
  std::size_t width = 0;
  const auto backends = asyncio::available_backends();
  for (const auto& backend : backends) width = std::max(width, backend.name.size());
  for (const auto& backend : backends)
    std::cout << backend.name << std::string(width - backend.name.size() + 2, ' ') << backend.about
              << (&backend == backends.data() ? " (the default)" : "") << "\n";
  return 0;
}

}  // namespace

const Command kLoopsCommand{"loops", "the loop implementations that this build has",
                            R"(Usage: loopscope loops

Lists the loop implementations that this build has: the name for `run --loop`, and how it waits.
)",
                            &run};

}  // namespace loopscope
