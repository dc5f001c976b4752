#include <iostream>
#include <string>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> save(std::string what) {
  std::cout << "save: begins with " << what << "\n";
  co_await asyncio::sleep(3s);
  std::cout << "save: " << what << " is on the disk\n";
}

asyncio::Coro<> editor(asyncio::Task<> saving) {
  try {
    co_await asyncio::shield(saving);
  } catch (const asyncio::CancelledError&) {
    std::cout << "editor: cancelled, but not the saving\n";
    throw;
  }
}

asyncio::Coro<int> co_main(int, char**) {
  // Keep the task: nobody else does once the shield is gone.
  auto saving = asyncio::create_task(save("the letter"), "saving");
  auto editing = asyncio::create_task(editor(saving), "editor");
  co_await asyncio::sleep(1s);

  editing.cancel();
  try {
    co_await editing;
  } catch (const asyncio::CancelledError&) {
    std::cout << "main: the editor is gone, saving.done() is " << saving.done() << "\n";
  }
  co_await saving;

  // With a deadline: stop waiting, but let it end.
  auto another = asyncio::create_task(save("a copy"), "copying");
  try {
    co_await asyncio::wait_for(asyncio::shield(another), 1s);
  } catch (const asyncio::TimeoutError&) {
    std::cout << "main: waits no longer\n";
  }
  co_await another;
  co_return 0;
}
