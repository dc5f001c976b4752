#include <deque>
#include <iostream>
#include <map>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

// All that tasks, futures and sleep() need: a queue, timers, and something to wait with.
class TinyLoop : public asyncio::AbstractEventLoop {
  asyncio::EventLoop::Backend backend_ = asyncio::new_backend();  // a clock, and who waits
  std::deque<asyncio::Handle> ready_;
  std::multimap<asyncio::Instant, asyncio::TimerHandle> timers_;
  std::vector<asyncio::Ready> files_;
  bool stopping_ = false;
  void call_soon(asyncio::Handle handle) override { ready_.push_back(handle); }
  void call_at(asyncio::TimerHandle timer) override { timers_.emplace(timer.when(), timer); }
  asyncio::Instant time() const override { return backend_.clock->now(); }
  void stop() override { stopping_ = true; }
  void run_forever() override {
    const RunScope run(*this);
    for (stopping_ = false; !stopping_;) {
      if (ready_.empty()) backend_.poller->wait(timers_.begin()->first - time(), files_);
      while (!timers_.empty() && timers_.begin()->first <= time())
        ready_.push_back(timers_.extract(timers_.begin()).mapped());
      const TurnScope turn(*this, ready_.size(), timers_.size());
      for (auto left = ready_.size(); left > 0; --left, ready_.pop_front()) ready_.front().run();
    }
  }
};

asyncio::Coro<> count(std::string name, asyncio::Duration pause) {
  for (int i = 1; i <= 3; ++i) {
    co_await asyncio::sleep(pause);
    std::cout << name << " " << i << "\n";
  }
}
asyncio::Coro<> both() { co_await asyncio::gather(count("slow", 1s), count("quick", 400ms)); }

int main() {
  const std::unique_ptr<asyncio::EventLoop> loop = std::make_unique<TinyLoop>();
  loop->run_until_complete(both());
  try {
    loop->add_reader(0, [] {});
  } catch (const asyncio::NotImplementedError& missing) {
    std::cout << missing.what() << " is not there\n";
  }
  loop->close();
}
