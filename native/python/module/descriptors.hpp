// Descriptors that became ready, and the handles that wait for them.
#pragma once

#include "module/loop_object.hpp"

namespace loopscope::python {

// Schedules what waits for the descriptors that the core found ready. asyncio:
// BaseSelectorEventLoop._process_events
void schedule_ready_descriptors(PyObject* self, LoopObject& loop);

// asyncio: BaseEventLoop._add_callback
PyObject* add_callback(PyObject* self, PyObject* handle);

// asyncio: BaseSelectorEventLoop._add_reader(fd, callback, *args) and its like, on the selector's dictionary. Where it is not
// dispatched by, or `fd` is no number, the Python of `_add_reader_in_python` and its like runs.
PyObject* add_reader(PyObject* self, PyObject* const* args, Py_ssize_t count);
PyObject* add_writer(PyObject* self, PyObject* const* args, Py_ssize_t count);
PyObject* remove_reader(PyObject* self, PyObject* fd);
PyObject* remove_writer(PyObject* self, PyObject* fd);

}  // namespace loopscope::python
