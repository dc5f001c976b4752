// `_loopscope.Core`: what native/python/loopscope/core.py describes.
#pragma once

#include <memory>
#include <unordered_map>

#include "module/handle_type.hpp"

namespace loopscope::python {

// What is scheduled by its number alone.
class NumberedNode final : public QueuedHandle, public asyncio::detail::Pooled {
 public:
  NumberedNode() noexcept : QueuedHandle(nullptr) {}

 private:
  void dispose() noexcept override { delete this; }
};

struct Core {
  asyncio::guest::GuestLoop guest;
  std::unordered_map<asyncio::HandleId, NumberedNode*> numbered{};
  std::vector<asyncio::Ready> ready{};  // descriptors, as wait() found them
  // The loop waits, and nobody has woken it yet. Read and written under the interpreter's lock.
  bool waits = false;
};

struct CoreObject {
  PyObject_HEAD Core* core;
};

// Throws PythonError. The lock is not held while it waits; signals are Python's again afterwards.
double wait(Core& core, double seconds);
// The descriptors that became ready, as a list of (fd, mask); the core's own list is empty then.
Owned take_ready(Core& core);

extern PyType_Spec core_spec;

}  // namespace loopscope::python
