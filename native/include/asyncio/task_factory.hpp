// How a loop makes its tasks.
#pragma once

#include <asyncio/event_loop.hpp>
#include <asyncio/task_options.hpp>

namespace asyncio {

// Makes tasks eager: each begins at once, inside create_task(), and takes turns only if it waits.
//
//   loop.set_task_factory(asyncio::eager_task_factory);
//
// asyncio: eager_task_factory
void eager_task_factory(EventLoop& loop, TaskOptions& options);

// The same, after `factory` has had its say. asyncio: create_eager_task_factory
TaskFactory create_eager_task_factory(TaskFactory factory);

}  // namespace asyncio
