// Which ways of waiting this build has.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <asyncio/event_loop.hpp>

namespace asyncio {

struct BackendInfo {
  std::string_view name;
  std::string_view about;  // one line for `loopscope loops`
  EventLoop::Backend (*make)();
};

// The default first.
std::span<const BackendInfo> available_backends();

// A further one, which becomes the default: what a host brings (the browser's JS event loop).
void register_backend(const BackendInfo& backend);

// "" is the default. Throws std::invalid_argument that lists the names.
EventLoop::Backend make_backend(std::string_view name);

}  // namespace asyncio
