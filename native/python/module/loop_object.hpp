// What a loop object holds, for the files that work on it.
#pragma once

#include "module/core_type.hpp"
#include "module/handle_type.hpp"

namespace loopscope::python {

struct LoopObject {
  PyObject_HEAD PyObject* core_object;
  Core* core;
  PyObject* watched;  // the selector's dictionary of descriptors; null: _process_events() is asked
  // BaseEventLoop's attributes of these names live here.
  PyObject* task_factory;  // null: none
  bool stopping, closed, debug;
  bool in_run;    // within run_forever()
  bool in_turn;   // within _run_once()
  bool bent;      // Python's own queue, heap and turns run it: see loopscope/bent.py
  bool indirect;  // call_later() goes by call_at(), which the program has overridden
};

inline LoopObject& loop_of(PyObject* self) noexcept { return *reinterpret_cast<LoopObject*>(self); }

inline void call_method(PyObject* self, const char* name, PyObject* argument) {
  const Owned result(argument ? PyObject_CallMethod(self, name, "O", argument)
                              : PyObject_CallMethod(self, name, nullptr));
  if (!result) throw PythonError();
}

inline void check_open(const LoopObject& loop) {
  if (!loop.closed && loop.core) [[likely]]
    return;
  PyErr_SetString(PyExc_RuntimeError, "Event loop is closed");
  throw PythonError();
}

inline bool is_cancelled(PyObject* handle) noexcept {
  return HandleSlots::at(handle, handle_types.slots.cancelled) == Py_True;
}

}  // namespace loopscope::python
