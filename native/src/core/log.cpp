#include <atomic>

#include <asyncio/log.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

namespace {
std::atomic<LogSink> sink{nullptr};
}

void set_log_sink(LogSink to) noexcept { sink.store(to); }

void detail::log(const EventLoop* loop, LogLevel level, std::string_view text) noexcept {
  if (loop && loop->tracer()) LoopAccess::emit(*loop, trace::Log{level, text});
  if (const LogSink to = sink.load()) to(level, text);
}

}  // namespace asyncio
