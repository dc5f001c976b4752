// What Python tells the trace: the methods of `_loopscope.Core` in the section "Trace" of core.py.
#pragma once

#include "module/python.hpp"

namespace loopscope::python::told {

PyObject* note(PyObject* self, PyObject* args);
PyObject* raised(PyObject* self, PyObject* text);
PyObject* new_task(PyObject* self, PyObject*);
PyObject* new_future(PyObject* self, PyObject*);
PyObject* new_resource(PyObject* self, PyObject*);
PyObject* task_created(PyObject* self, PyObject* args);
PyObject* step_begin(PyObject* self, PyObject* args);
PyObject* suspended(PyObject* self, PyObject* args);
PyObject* cancel_requested(PyObject* self, PyObject* args);
PyObject* uncancelled(PyObject* self, PyObject* args);
PyObject* task_done(PyObject* self, PyObject* args);
PyObject* future_created(PyObject* self, PyObject* args);
PyObject* future_done(PyObject* self, PyObject* args);
PyObject* resource(PyObject* self, PyObject* args);
PyObject* log(PyObject* self, PyObject* args);

}  // namespace loopscope::python::told

#define LOOPSCOPE_TOLD_METHODS                                                              \
  {"note", &told::note, METH_VARARGS, nullptr}, {"raised", &told::raised, METH_O, nullptr}, \
      {"new_task", &told::new_task, METH_NOARGS, nullptr},                                  \
      {"new_future", &told::new_future, METH_NOARGS, nullptr},                              \
      {"new_resource", &told::new_resource, METH_NOARGS, nullptr},                          \
      {"task_created", &told::task_created, METH_VARARGS, nullptr},                         \
      {"step_begin", &told::step_begin, METH_VARARGS, nullptr},                             \
      {"suspended", &told::suspended, METH_VARARGS, nullptr},                               \
      {"cancel_requested", &told::cancel_requested, METH_VARARGS, nullptr},                 \
      {"uncancelled", &told::uncancelled, METH_VARARGS, nullptr},                           \
      {"task_done", &told::task_done, METH_VARARGS, nullptr},                               \
      {"future_created", &told::future_created, METH_VARARGS, nullptr},                     \
      {"future_done", &told::future_done, METH_VARARGS, nullptr},                           \
      {"resource", &told::resource, METH_VARARGS, nullptr}, {                               \
    "log", &told::log, METH_VARARGS, nullptr                                                \
  }
