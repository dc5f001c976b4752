// What tests/cli/capture_test.cpp asks for by its first argument.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

namespace {

void write_text(const std::string& text) { static_cast<void>(!write(1, text.data(), text.size())); }

asyncio::Coro<> print() {
  std::printf("printf to %d\n", fileno(stdout));
  std::cout << "cout\n";
  std::wcout << L"wcout\n";
  std::fflush(stdout);
  std::cout.flush();
  write_text("write\n");
  dprintf(1, "dprintf\n");
  std::string parts[] = {"wri", "tev\n"};
  const iovec both[] = {{parts[0].data(), 3}, {parts[1].data(), 4}};
  static_cast<void>(!writev(1, both, 2));
  std::fputs("stderr\n", stderr);
  std::cerr << "cerr\n";
  co_await asyncio::sleep(1ms);
  std::cout << "half";
  co_await asyncio::sleep(1ms);
  std::cout << " of a line\n";
  std::puts("in a buffer");
}

asyncio::Coro<> fork_and_start(std::string self) {
  co_await asyncio::sleep(1ms);
  if (fork() == 0) std::exit(3);
  wait(nullptr);
  co_await asyncio::sleep(1ms);
  std::cout << std::system((self + " child").c_str()) << "\n";
  co_await asyncio::sleep(1ms);
}

asyncio::Coro<> turns(int count) {
  while (count-- > 0) co_await asyncio::sleep(0s);
}

asyncio::Coro<> reopen() {
  std::fprintf(stderr, "fileno %d\n", fileno(stdout));
  std::FILE* const file = std::freopen("/dev/null", "w", stdout);
  std::fprintf(stderr, "the same %d, fileno %d\n", file == stdout, fileno(stdout));
  std::puts("to nobody");
  co_return;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "print") asyncio::run(print());
  if (what == "print unsynced") {
    std::ios::sync_with_stdio(false);
    asyncio::run(print());
  }
  if (what == "reopen") asyncio::run(reopen());
  if (what == "fork") asyncio::run(fork_and_start(std::filesystem::read_symlink("/proc/self/exe")));
  if (what == "child") asyncio::run(turns(3));
  if (what == "limit") {
    const rlimit limit{20'000, 20'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    asyncio::run(turns(10'000));
    std::cout << "through\n";
  }
  if (what == "chance") {
    std::random_device device;
    for (int count = 0; count < 4; ++count) std::cout << device() << "\n";
  }
  if (what == "descriptor") std::cout << open("/dev/null", O_RDONLY) << "\n";
  if (what == "crash") {
    write_text("last words");
    std::abort();
  }
  if (what == "_exit") _exit(9);
  return 7;
}
