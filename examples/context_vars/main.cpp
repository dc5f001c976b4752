#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

const asyncio::ContextVar<std::string> request("request", "no request");

void log(const std::string& what) { std::cout << "[" << request.get() << "] " << what << "\n"; }

asyncio::Coro<> audit() {
  co_await asyncio::sleep(2s);
  log("written to the audit log");  // of the request that started it, which has ended
}

asyncio::Coro<> handle(std::string name) {
  request.set(name);  // for this task, and for what it starts from now on
  log("begins");
  co_await asyncio::sleep(1s);
  log("ends");
  auto task = asyncio::create_task(audit());
  request.set("after " + name);
  co_await task;
}

asyncio::Coro<int> co_main(int, char**) {
  co_await asyncio::gather(handle("GET /a"), handle("GET /b"));
  log("nothing of it is seen here");

  auto token = request.set("main");
  asyncio::get_running_loop().call_soon([] { log("a callback keeps what was set"); });
  request.reset(token);
  co_await asyncio::sleep(0s);
  co_return 0;
}
