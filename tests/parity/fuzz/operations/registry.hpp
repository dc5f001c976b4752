// The operations that programs are made of: what each does. One file for each noun of asyncio; its
// twin in Python, which also says what the operation takes and how often it comes, stands beside it
// under the same name.
#pragma once

#include <map>
#include <string>

#include "../machine.hpp"

namespace fuzz {

struct Operations {
  // Those that await: only in bodies. The coroutines take no captures, only arguments.
  std::map<std::string, asyncio::Coro<> (*)(Machine&, Arguments), std::less<>> waits;
  // Those that do not, and so can be callbacks, too.
  std::map<std::string, void (*)(Machine&, Arguments), std::less<>> acts;
};

const Operations& operations();

void add_core(Operations& operations);
void add_callbacks(Operations& operations);
void add_futures(Operations& operations);
void add_tasks(Operations& operations);
void add_gather(Operations& operations);
void add_wait(Operations& operations);
void add_wait_for(Operations& operations);
void add_as_completed(Operations& operations);
void add_shield(Operations& operations);
void add_timeout(Operations& operations);
void add_task_group(Operations& operations);
void add_lock(Operations& operations);
void add_event(Operations& operations);
void add_condition(Operations& operations);
void add_semaphore(Operations& operations);
void add_barrier(Operations& operations);
void add_queue(Operations& operations);
void add_context(Operations& operations);
void add_async_generator(Operations& operations);

}  // namespace fuzz
