// ThreadPoolExecutor where there are no threads: WebAssembly.
#include <stdexcept>

#include <asyncio/executor.hpp>

namespace asyncio {

class ThreadPoolExecutor::Pool {};

ThreadPoolExecutor::ThreadPoolExecutor(int max_workers, std::string) {
  if (max_workers < 0) throw ValueError("max_workers must be greater than 0");
}
ThreadPoolExecutor::~ThreadPoolExecutor() = default;

void ThreadPoolExecutor::execute(std::unique_ptr<detail::Job>) {
  throw RuntimeError(
      "there are no threads in WebAssembly: to_thread() and run_in_executor() need the native "
      "build");
}
void ThreadPoolExecutor::shutdown(bool, bool) {}
void ThreadPoolExecutor::when_idle(std::function<void()> callback) { callback(); }
void ThreadPoolExecutor::abandon() {}

}  // namespace asyncio
