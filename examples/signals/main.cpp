#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

int jobs_done = 0;

asyncio::Coro<> work(std::string name, asyncio::Duration job) {
  try {
    for (;; ++jobs_done) co_await asyncio::sleep(job);
  } catch (const asyncio::CancelledError&) {
    std::cout << name << ": finishes what it holds\n";  // C++ cannot await in here
  }
  co_await asyncio::sleep(job / 2);
  std::cout << name << ": has cleaned up\n";
  throw asyncio::CancelledError();
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::EventLoop& loop = asyncio::get_running_loop();
  asyncio::Event stop;
  loop.add_signal_handler(SIGUSR1, [] { std::cout << "SIGUSR1: " << jobs_done << " jobs\n"; });
  for (const int signal : {SIGINT, SIGTERM}) {
    loop.add_signal_handler(signal, [stop]() mutable {
      std::cout << "asked to stop\n";
      stop.set();
    });
  }
  std::vector<asyncio::Task<>> workers{asyncio::create_task(work("fast", 300ms), "fast"),
                                       asyncio::create_task(work("slow", 800ms), "slow")};

  // Somebody asks how it goes, and later presses Ctrl-C.
  loop.call_later(1s, [] { std::raise(SIGUSR1); });
  loop.call_later(2s, [] { std::raise(SIGINT); });

  co_await stop.wait();
  for (auto& worker : workers) worker.cancel();
  co_await asyncio::gather(asyncio::return_exceptions, workers);
  std::cout << jobs_done << " jobs, all put away\n";
  co_return 0;
}
