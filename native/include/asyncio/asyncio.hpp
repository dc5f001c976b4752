// asyncio's event loop in C++20: everything.
#pragma once

#include <asyncio/barrier.hpp>
#include <asyncio/co_main.hpp>
#include <asyncio/condition.hpp>
#include <asyncio/coro.hpp>
#include <asyncio/errors.hpp>
#include <asyncio/event.hpp>
#include <asyncio/event_loop.hpp>
#include <asyncio/future.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/handle.hpp>
#include <asyncio/hosted_run.hpp>
#include <asyncio/lock.hpp>
#include <asyncio/queue.hpp>
#include <asyncio/run.hpp>
#include <asyncio/semaphore.hpp>
#include <asyncio/sleep.hpp>
#include <asyncio/task.hpp>
#include <asyncio/time.hpp>
