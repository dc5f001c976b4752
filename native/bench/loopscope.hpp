// The cases on this library's loop.
#pragma once

#include <asyncio/event_loop.hpp>

#include "cases.hpp"

namespace bench {

std::size_t call_soon_burst(asyncio::EventLoop& loop);
std::size_t call_soon_chain(asyncio::EventLoop& loop);
std::size_t sleep_zero(asyncio::EventLoop& loop);
std::size_t await_finished(asyncio::EventLoop& loop);
std::size_t spawn_and_gather(asyncio::EventLoop& loop);
std::size_t timers_cancelled(asyncio::EventLoop& loop);

}  // namespace bench
