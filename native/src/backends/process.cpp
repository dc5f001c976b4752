#include "backends/process.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "backends/virtual_time.hpp"

namespace asyncio {

constinit std::atomic<int> resting_threads{0};
constinit std::atomic<int> expected_answers{0};

namespace {

// ThreadSanitizer has a thread in the process, from the first one of the program's on.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOOPSCOPE_THREAD_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(LOOPSCOPE_THREAD_SANITIZER)
constexpr int kSanitizerThreads = 1;
#else
constexpr int kSanitizerThreads = 0;
#endif

}  // namespace

bool other_threads_exist() noexcept {
  // Where there is no /proc (WebAssembly without threads), there are none.
  std::error_code error;
  int threads = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/task", error), end;
       !error && entry != end; entry.increment(error))
    ++threads;
  return threads > 1 + kSanitizerThreads + resting_threads.load(std::memory_order_relaxed);
}

int this_thread_number() noexcept {
  // "/proc/thread-self" is a link to "<process>/task/<thread>".
  std::error_code error;
  const std::string name = std::filesystem::read_symlink("/proc/thread-self", error).filename();
  return error ? 0 : std::atoi(name.c_str());
}

bool thread_sleeps(int number) noexcept {
  std::ifstream file("/proc/self/task/" + std::to_string(number) + "/stat");
  std::string text;
  std::getline(file, text);
  // "<number> (<name>) S ...": the name may hold anything.
  const std::size_t end = text.rfind(')');
  return end != std::string::npos && end + 2 < text.size() &&
         (text[end + 2] == 'S' || text[end + 2] == 'D');
}

const std::shared_ptr<VirtualTime>& VirtualTime::of_process() {
  static const auto& instance = *new std::shared_ptr<VirtualTime>(std::make_shared<VirtualTime>());
  return instance;
}

}  // namespace asyncio
