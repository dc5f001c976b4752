// How a wait is ended from outside, for pollers that know descriptors only.
#pragma once

namespace asyncio {

// A pipe that becomes readable. asyncio: the self-pipe of BaseSelectorEventLoop
class WakePipe {
 public:
  // Throws std::system_error.
  WakePipe();
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  ~WakePipe();

  // The end to wait for.
  int fd() const noexcept { return read_end_; }
  // Any thread, any signal handler.
  void ring() const noexcept;
  void drain() const noexcept;

 private:
  int read_end_ = -1, write_end_ = -1;
};

}  // namespace asyncio
