// asyncio's event loop in C++20: everything.
#pragma once

#include <asyncio/abstract_event_loop.hpp>
#include <asyncio/co_main.hpp>
#include <asyncio/concurrent_future.hpp>
#include <asyncio/coro.hpp>
#include <asyncio/errors.hpp>
#include <asyncio/event_loop.hpp>
#include <asyncio/executor.hpp>
#include <asyncio/future.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/handle.hpp>
#include <asyncio/hosted_run.hpp>
#include <asyncio/policy.hpp>
#include <asyncio/run.hpp>
#include <asyncio/runner.hpp>
#include <asyncio/sleep.hpp>
#include <asyncio/task.hpp>
#include <asyncio/threads.hpp>
#include <asyncio/time.hpp>
