/**
 * Text that shared programs have in common: the packer refers to it instead of repeating it. Part of version 1 of the
 * link: it must never change, or old links no longer open. What is most common is last.
 */
export const DICTIONARY_V1 = `
import asyncio

async def main() -> None:
    async with asyncio.timeout(
    async with asyncio.TaskGroup() as tg:
        tg.create_task(
    await asyncio.gather(
    task = asyncio.create_task(
    await asyncio.sleep(
    except asyncio.CancelledError:
        raise
    print(f"

if __name__ == "__main__":
    asyncio.run(main())
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>
asyncio::Future<int> future = asyncio::get_running_loop().create_future<int>();
future.set_result(
future.set_exception(std::runtime_error("
loop.call_soon([] { std::cout << "
loop.call_later(
loop.call_at(
auto loop = asyncio::new_event_loop();
loop->run_until_complete(
loop->run_forever();
loop->stop();
loop->close();
asyncio::Coro<int> co_main(int, char**) {
  } catch (const asyncio::CancelledError&) {
    throw;
  } catch (const std::exception& error) {
    std::cout << "caught: " << error.what() << '\\n';
  task.cancel();
  auto task = asyncio::create_task(
  auto results = co_await asyncio::gather(
  std::this_thread::sleep_for(
  for (int i = 0; i < 3; ++i) {
  co_return
#include <iostream>
#include <string>
#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> main_task() {
  std::cout << "
  co_await asyncio::sleep(1s);
  co_await asyncio::sleep(100ms);
}

int main() { asyncio::run(main_task()); }
`;
