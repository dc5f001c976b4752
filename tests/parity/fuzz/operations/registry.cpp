#include "registry.hpp"

namespace fuzz {

const Operations& operations() {
  static const Operations all = [] {
    Operations made;
    for (const auto add : {&add_core, &add_callbacks, &add_futures, &add_tasks, &add_gather,
                           &add_wait, &add_wait_for, &add_as_completed, &add_shield, &add_timeout,
                           &add_task_group, &add_lock, &add_event, &add_condition, &add_semaphore,
                           &add_barrier, &add_queue, &add_context, &add_async_generator})
      add(made);
    return made;
  }();
  return all;
}

}  // namespace fuzz
