// The main() of a program that defines co_main() instead. In an archive of its own right, it is
// linked only then.
#include <asyncio/co_main.hpp>
#include <asyncio/run.hpp>

int main(int argc, char** argv) {
  // No place: a reader did not write this line.
  return asyncio::run(co_main(argc, argv), std::nullopt, {}, std::source_location{});
}
