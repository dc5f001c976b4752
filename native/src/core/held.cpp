#include <asyncio/detail/held.hpp>

namespace asyncio {

Held::~Held() {
  if (!what_) return;
  try {
    release();
  } catch (...) {
    EventLoop* loop = running_loop();
    if (!loop) return;  // a frame that ends with its loop: nobody is left to tell
    loop->call_exception_handler(
        {"Exception in the destructor of a Held", std::current_exception(), {}, {}});
  }
}

namespace detail {

Coro<Held> acquire_scoped(Ref<Acquirable> what) {
  co_await what->acquire(what);
  co_return Held(what);
}

}  // namespace detail
}  // namespace asyncio
