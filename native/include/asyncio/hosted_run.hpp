// A run that a host's own event loop drives, one turn at a time: in a browser nothing may block.
#pragma once

#include <asyncio/run.hpp>

namespace asyncio {

// What run() does, without ever waiting: begin, then advance() whenever next_timeout() is over,
// until finished().
//
// The host calls advance() at once while next_timeout() is zero, after that time otherwise; nullopt
// means that only the host itself (call_soon_threadsafe) can bring something.
class HostedRun {
 public:
  explicit HostedRun(Coro<int> main, std::optional<bool> debug = std::nullopt,
                     std::source_location loc = std::source_location::current());
  HostedRun(const HostedRun&) = delete;
  HostedRun& operator=(const HostedRun&) = delete;
  ~HostedRun();

  // One turn that does not wait. Not after finished().
  void advance();
  std::optional<Duration> next_timeout() const;
  bool finished() const noexcept { return phase_ == Phase::finished; }
  // The result of `main`, or throws its exception. Only when finished().
  int result() const;
  EventLoop& loop() const noexcept { return *loop_; }

 private:
  enum class Phase : unsigned char { main, cleanup, shutdown, finished };
  void begin(const detail::Ref<detail::FutureBase>& until);
  bool go_on(Phase phase, detail::Ref<detail::FutureBase> until);
  void end_phase();

  std::unique_ptr<EventLoop> loop_;
  Task<int> main_;
  detail::Ref<detail::FutureBase> cleanup_;
  Phase phase_ = Phase::main;
};

}  // namespace asyncio
