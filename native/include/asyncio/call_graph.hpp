// Who waits for whom, and where.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include <asyncio/task.hpp>

namespace asyncio {

// A suspended coroutine. asyncio: FrameCallGraphEntry
struct FrameCallGraphEntry {
  std::string function;
  std::string file;
  unsigned line = 0;
};

// A future or task, its stack, and those that wait for it, each with its own. Who waits through
// gather(), wait(), as_completed(), shield(), a TaskGroup or a Nursery is there as if it waited
// itself. One that is met again is the same object, so a graph is as large as there are tasks and
// waits in it. Differs from asyncio, whose as_completed() tells nobody.
// asyncio: FutureCallGraph
struct FutureCallGraph {
  std::string future;                              // "Task-2", "<Future 3 pending>"
  std::vector<FrameCallGraphEntry> call_stack;     // innermost first; of a task
  std::vector<const FutureCallGraph*> awaited_by;  // they live as long as the graph
};
using CallGraph = std::shared_ptr<const FutureCallGraph>;

namespace detail {
CallGraph capture_call_graph(FutureBase& future, const std::source_location* running);
}  // namespace detail

// Of the current task, whose stack is the place of this call: what called it is not known while it
// runs. Null inside a plain callback; throws RuntimeError "no running event loop".
// asyncio: capture_call_graph
CallGraph capture_call_graph(std::source_location loc = std::source_location::current());
// Of any task or future.
CallGraph capture_call_graph(const AnyTask& task);
template <class T>
CallGraph capture_call_graph(const Future<T>& future) {
  return detail::capture_call_graph(*future.shared(), nullptr);
}

// As text; one that was there already is named only. "" for null. Differs from asyncio: from the
// 40th level on the lines are not indented any further, so the text is as long as the graph is
// large.
//
//   * Task(name='Task-2')
//     + Call stack:
//     |   File "main.cpp", line 12, in async fetch()
//     + Awaited by:
//        * Task(name='Task-1')
//          ...
//
// asyncio: format_call_graph, print_call_graph
std::string format_call_graph(const CallGraph& graph);
std::string format_call_graph(std::source_location loc = std::source_location::current());
void print_call_graph(const CallGraph& graph);
void print_call_graph(std::ostream& out, const CallGraph& graph);

template <class T>
std::vector<FrameCallGraphEntry> Task<T>::get_stack(std::size_t limit) const {
  return AnyTask(core()).get_stack(limit);
}

}  // namespace asyncio
