#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

asyncio::Coro<int> co_main(int argc, char** argv) {
  std::cout << argv[0] << " ";
  for (int at = 1; at < argc; ++at) std::cout << argv[at] << "|";
  for (std::string line; std::getline(std::cin, line);) std::cout << line << "|";
  std::cerr << "to stderr\n";
  co_await asyncio::sleep(std::chrono::milliseconds(1));
  co_return 7;
}
