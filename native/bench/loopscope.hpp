// The cases on this library's loop; each gives how many things it did.
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
std::size_t queue_ping_pong(asyncio::EventLoop& loop);
std::size_t lock_hand_over(asyncio::EventLoop& loop);
std::size_t task_group(asyncio::EventLoop& loop);
std::size_t timeouts(asyncio::EventLoop& loop);

}  // namespace bench
