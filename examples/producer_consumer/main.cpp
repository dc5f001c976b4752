#include <deque>
#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

// A queue in a dozen lines: who finds it empty leaves a future and waits for that.
class Channel {
 public:
  void put(int item) {
    items_.push_back(item);
    if (waiter_ && !waiter_.done()) waiter_.set_result();
  }
  asyncio::Coro<int> get() {
    while (items_.empty()) {
      waiter_ = asyncio::get_running_loop().create_future<void>();
      co_await waiter_;
    }
    const int item = items_.front();
    items_.pop_front();
    co_return item;
  }

 private:
  std::deque<int> items_;
  asyncio::Future<> waiter_;
};

asyncio::Coro<> produce(Channel& channel) {
  for (int item = 1; item <= 4; ++item) {
    co_await asyncio::sleep(item <= 2 ? 1s : 0s);  // slowly at first, then in a burst
    std::cout << "put " << item << "\n";
    channel.put(item);
  }
  channel.put(0);  // no more
}

asyncio::Coro<> consume(Channel& channel) {
  while (const int item = co_await channel.get()) std::cout << "       got " << item << "\n";
  std::cout << "       no more\n";
}

asyncio::Coro<int> co_main(int, char**) {
  Channel channel;
  co_await asyncio::gather(produce(channel), consume(channel));
  co_return 0;
}
