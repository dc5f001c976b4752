// How sentences call the things of a trace. The page uses the same words
// (web/src/trace/names.ts); tests/native_words.test.ts holds the two together.
#pragma once

#include <string>

#include "reader/trace_index.hpp"

namespace loopscope {

// "Task-2".
std::string task_name(const TraceIndex& trace, std::uint64_t task);
// How a sentence calls a task: "Task-2", "task download", "task \"my download\"".
std::string task_text(const TraceIndex& trace, std::uint64_t task);
// "12"; of the second thread that made any "2:12": each counts in a range of its own.
std::string number_text(std::uint64_t id);
// "main.cpp:12".
std::string place_text(const Place& place);
// " (main.cpp:12)", or nothing.
std::string place_suffix(const std::optional<Place>& place);
// "fetch(), line 12".
std::string frame_text(const Place& place);
// "fetch()".
std::string function_text(std::string_view name);
// "the callback #5 (main.cpp:12)", "a step of Task-2", "the timer #4 of Task-1's sleep".
std::string handle_text(const TraceIndex& trace, std::uint64_t handle);
// "future", "gather", "sleep" ...
std::string future_type(const TraceIndex& trace, std::uint64_t future);
// "future 3", "gather 5"; of a place at a resource "Task-2's wait for lock 1".
std::string future_text(const TraceIndex& trace, std::uint64_t future);
// "lock 1", "task group 2".
std::string resource_text(std::string_view type, std::uint64_t resource);
// What the task that waited with this future awaited, if that was its place at a resource; else
// null.
const json::Value* wait_at_resource(const TraceIndex& trace, std::uint64_t future);
// Who did it: "Task-1", "the callback #5 (main.cpp:12)", "code outside the loop".
std::string cause_text(const TraceIndex& trace, const Cause& cause);
// What a task waits for: "Task-2", "gather 5 of Task-2 and Task-3", "a sleep that ends at 1 s",
// "lock 1".
std::string awaiting_text(const TraceIndex& trace, const json::Value& awaiting);
// "Task-2, Task-3 and Task-4"; long lists are cut: "Task-2, Task-3 and 98 more".
std::string children_text(const TraceIndex& trace, const std::vector<Cause>& children);
// All of up to four names; of more the first two: "a, b and 98 more".
std::string short_list_text(const std::vector<std::string>& names);
// "1 handle", "3 handles".
std::string count_text(std::int64_t number, std::string_view noun);

}  // namespace loopscope
