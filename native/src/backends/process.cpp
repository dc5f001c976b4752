#include "backends/process.hpp"

#include <filesystem>
#include <system_error>

#include "backends/virtual_time.hpp"

namespace asyncio {

bool other_threads_exist() noexcept {
  // Where there is no /proc (WebAssembly without threads), there are none.
  std::error_code error;
  std::size_t threads = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/task", error), end;
       !error && entry != end; entry.increment(error))
    ++threads;
  return threads > 1;
}

const std::shared_ptr<VirtualTime>& VirtualTime::of_process() {
  static const auto& instance = *new std::shared_ptr<VirtualTime>(std::make_shared<VirtualTime>());
  return instance;
}

}  // namespace asyncio
