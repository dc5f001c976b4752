#include <iostream>
#include <string>
#include <vector>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> produce(asyncio::Queue<int> jobs, int first) {
  for (int job = first; job < first + 4; ++job) {
    co_await jobs.put(job);  // waits while the queue is full
    std::cout << "put " << job << "\n";
  }
}

asyncio::Coro<> work(asyncio::Queue<int> jobs, std::string name) {
  for (;;) {
    const int job = co_await jobs.get();  // waits while it is empty
    co_await asyncio::sleep(1s);
    std::cout << "  " << name << " has done " << job << "\n";
    jobs.task_done();
  }
}

asyncio::Coro<int> co_main(int, char**) {
  asyncio::Queue<int> jobs(3);
  std::vector<asyncio::Task<>> workers;
  for (const char* name : {"Ada", "Bob"})
    workers.push_back(asyncio::create_task(work(jobs, name), name));
  co_await asyncio::gather(produce(jobs, 1), produce(jobs, 11));
  std::cout << "all are put\n";
  co_await jobs.join();
  std::cout << "all are done\n";
  for (const auto& worker : workers) worker.cancel();
  co_await asyncio::gather(asyncio::return_exceptions, workers);
  co_return 0;
}
