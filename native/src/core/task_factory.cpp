#include <asyncio/task_factory.hpp>

namespace asyncio {

void eager_task_factory(EventLoop&, TaskOptions& options) { options.eager_start = true; }

TaskFactory create_eager_task_factory(TaskFactory factory) {
  return [factory = std::move(factory)](EventLoop& loop, TaskOptions& options) {
    if (factory) factory(loop, options);
    options.eager_start = true;
  };
}

void EventLoop::set_task_factory(TaskFactory factory) {
  task_factory_ = factory ? std::make_unique<TaskFactory>(std::move(factory)) : nullptr;
}

TaskFactory EventLoop::get_task_factory() const {
  return task_factory_ ? *task_factory_ : TaskFactory();
}

}  // namespace asyncio
