#include "js_poller.hpp"

#include <chrono>
#include <system_error>
#include <utility>

namespace loopscope {

void JsPoller::watch(int, asyncio::Interest) {
  throw std::system_error(std::make_error_code(std::errc::function_not_supported),
                          "WebAssembly has no file descriptors to wait for");
}

void JsPoller::wait(std::optional<asyncio::Duration> timeout, std::vector<asyncio::Ready>&) {
  quiet_ = true;
  if (std::exchange(woken_, false)) return;
  if (!timeout) throw asyncio::NothingToWaitFor();
  if (sleep_ && *timeout > asyncio::Duration::zero())
    sleep_(std::chrono::duration<double, std::milli>(*timeout).count());
}

}  // namespace loopscope
