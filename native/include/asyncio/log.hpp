// Where the library's own messages go. asyncio: logging.getLogger("asyncio")
#pragma once

#include <string_view>

#include <asyncio/trace.hpp>

namespace asyncio {

class EventLoop;

using LogLevel = trace::Log::Level;
// Receives every message of every loop; may be called on any loop's thread. Must not throw.
using LogSink = void (*)(LogLevel level, std::string_view text) noexcept;

// The core itself never prints. The sink at first writes "level: text" to standard error; null
// discards.
void set_log_sink(LogSink sink) noexcept;

namespace detail {
// To the sink, and into the trace of `loop` if there is one.
void log(const EventLoop* loop, LogLevel level, std::string_view text) noexcept;
}  // namespace detail

}  // namespace asyncio
