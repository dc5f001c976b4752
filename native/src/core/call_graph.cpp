#include <algorithm>
#include <deque>
#include <iostream>
#include <unordered_map>
#include <unordered_set>

#include <asyncio/call_graph.hpp>

#include "core/file_name.hpp"

namespace asyncio {

namespace {

FrameCallGraphEntry entry_of(const std::source_location& where) {
  return {std::string(bare_function_name(where.function_name())),
          std::string(detail::bare_file_name(where.file_name())), where.line()};
}

std::vector<FrameCallGraphEntry> stack_of(const detail::TaskCore& task) {
  std::vector<FrameCallGraphEntry> entries;
  for (const trace::Place& place : task.stack()) entries.push_back(entry_of(place.where));
  return entries;
}

FutureCallGraph node_of(detail::FutureBase& future) {
  FutureCallGraph graph;
  if (detail::TaskCore* task = future.task()) {
    graph.future = "Task(name='" + task->name() + "')";
    graph.call_stack = stack_of(*task);
    std::reverse(graph.call_stack.begin(), graph.call_stack.end());
  } else {
    graph.future = future.text();
  }
  return graph;
}

// Tasks that wait for `future`, themselves or through what gathers it.
std::vector<detail::FutureBase*> awaiting_tasks(detail::FutureBase& future) {
  std::vector<detail::FutureBase*> tasks, look_at{&future};
  std::unordered_set<const detail::FutureBase*> seen{&future};
  for (std::size_t index = 0; index < look_at.size(); ++index) {
    look_at[index]->each_awaiter([&](detail::FutureBase& awaiter) {
      if (seen.insert(&awaiter).second) (awaiter.task() ? tasks : look_at).push_back(&awaiter);
    });
  }
  return tasks;
}

constexpr std::size_t kDeepestIndent = 40;  // beyond, lines would be longer and longer

class Text {
 public:
  // With a list of its own of what is left: as many may wait for each other as there are tasks.
  void add_all(const FutureCallGraph& root) {
    std::vector<Level> left{{&root, 0}};
    while (!left.empty()) {
      const Level next = left.back();
      left.pop_back();
      if (!add(*next.graph, std::string(5 * std::min(next.depth, kDeepestIndent), ' '))) continue;
      const auto& awaiters = next.graph->awaited_by;
      for (auto awaiter = awaiters.rbegin(); awaiter != awaiters.rend(); ++awaiter)
        left.push_back({*awaiter, next.depth + 1});
    }
  }
  std::string take() { return std::move(text_); }

 private:
  struct Level {
    const FutureCallGraph* graph;
    std::size_t depth;
  };

  // False when it was there already.
  bool add(const FutureCallGraph& graph, const std::string& indent) {
    text_ += indent + "* " + graph.future;
    if (!shown_.insert(&graph).second) {
      text_ += " (see above)\n";
      return false;
    }
    text_ += "\n";
    if (!graph.call_stack.empty()) {
      text_ += indent + "  + Call stack:\n";
      for (const FrameCallGraphEntry& entry : graph.call_stack)
        text_ += indent + "  |   File \"" + entry.file + "\", line " + std::to_string(entry.line) +
                 ", in async " + entry.function + "()\n";
    }
    if (!graph.awaited_by.empty()) text_ += indent + "  + Awaited by:\n";
    return true;
  }

  std::string text_;
  std::unordered_set<const FutureCallGraph*> shown_;
};

}  // namespace

namespace detail {

CallGraph capture_call_graph(FutureBase& future, const std::source_location* running) {
  // All of them in one place, for tasks that wait for each other in a circle are one here, too.
  const auto nodes = std::make_shared<std::deque<FutureCallGraph>>();
  std::vector<FutureBase*> futures;  // of the nodes, in their order
  std::unordered_map<const FutureBase*, FutureCallGraph*> found;
  const auto find_or_add = [&](FutureBase& which) {
    FutureCallGraph*& node = found[&which];
    if (!node) {
      node = &nodes->emplace_back(node_of(which));
      futures.push_back(&which);
    }
    return node;
  };
  FutureCallGraph* const root = find_or_add(future);
  if (running) root->call_stack = {entry_of(*running)};
  for (std::size_t index = 0; index < futures.size(); ++index) {
    for (FutureBase* awaiter : awaiting_tasks(*futures[index])) {
      const FutureCallGraph* const node = find_or_add(*awaiter);
      (*nodes)[index].awaited_by.push_back(node);
    }
  }
  return {nodes, root};
}

}  // namespace detail

CallGraph capture_call_graph(std::source_location loc) {
  const std::optional<AnyTask> task = current_task();
  return task ? detail::capture_call_graph(*task->shared(), &loc) : nullptr;
}

CallGraph capture_call_graph(const AnyTask& task) {
  return detail::capture_call_graph(*task.shared(), nullptr);
}

std::string format_call_graph(const CallGraph& graph) {
  if (!graph) return {};
  Text text;
  text.add_all(*graph);
  return text.take();
}

std::string format_call_graph(std::source_location loc) {
  return format_call_graph(capture_call_graph(loc));
}

void print_call_graph(std::ostream& out, const CallGraph& graph) {
  out << format_call_graph(graph);
}
void print_call_graph(const CallGraph& graph) { print_call_graph(std::cout, graph); }

std::vector<FrameCallGraphEntry> AnyTask::get_stack(std::size_t limit) const {
  if (done()) return {};
  std::vector<FrameCallGraphEntry> stack = stack_of(*core_);
  if (stack.size() > limit)
    stack.erase(stack.begin(), stack.end() - static_cast<std::ptrdiff_t>(limit));
  return stack;
}

void AnyTask::print_stack(std::ostream& out, std::size_t limit) const {
  const std::vector<FrameCallGraphEntry> stack = get_stack(limit);
  if (stack.empty()) {
    out << "No stack for " << future_->text() << "\n";
    return;
  }
  out << "Stack for " << future_->text() << " (most recent call last):\n";
  for (const FrameCallGraphEntry& entry : stack)
    out << "  File \"" << entry.file << "\", line " << entry.line << ", in " << entry.function
        << "\n";
}

void AnyTask::print_stack(std::size_t limit) const { print_stack(std::cerr, limit); }

}  // namespace asyncio
