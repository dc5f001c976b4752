// The extension module `_loopscope`: the native core of the Python package `loopscope`, and what of
// it belongs to the process (`host` in loopscope/core.py).
#include "module/module.hpp"

#include <optional>
#include <string>

#include "backends/virtual_time.hpp"
#include "module/core_type.hpp"
#include "module/crew_types.hpp"
#include "module/handle_type.hpp"
#include "module/loop_type.hpp"
#include "module/transport_type.hpp"
#include "program/environment.hpp"
#include "program/settings.hpp"
#include "trace/recorder.hpp"

namespace loopscope::python {

namespace {

using asyncio::VirtualTime;

PyObject* output(PyObject*, PyObject* args) {
  return guarded([&] {
    const char* stream = nullptr;
    PyObject* text = nullptr;
    const char* func = nullptr;
    const char* file = nullptr;
    unsigned line = 0;
    if (!PyArg_ParseTuple(args, "sUssI", &stream, &text, &func, &file, &line)) throw PythonError();
    const asyncio::trace::Place::Guest place{func, file, line};
    // Also what cannot be UTF-8 (lone surrogates): the writer deals with it.
    const Owned bytes(checked(PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass")));
    if (asyncio::trace::Recorder* const recorder = asyncio::program::recorder()) {
      using asyncio::trace::Stream;
      const bool error = std::string_view(stream) == "stderr";
      recorder->output(
          error ? Stream::standard_error : Stream::standard_output,
          {PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))},
          line == 0 ? nullptr : &place);
    }
    return none();
  });
}

PyObject* end_lines(PyObject*, PyObject*) {
  if (asyncio::trace::Recorder* const recorder = asyncio::program::recorder())
    recorder->end_lines();
  return none();
}

PyObject* now(PyObject*, PyObject*) {
  return PyFloat_FromDouble(asyncio::seconds(VirtualTime::of_process()->ask()));
}

// What ended the program, where that is no exit.
struct Crash {
  int code;
  std::string error;
};
std::optional<Crash> crash;

// The last that the interpreter does, before it ends the process or lets a signal end it.
void tell_crash() {
  if (!crash) return;
  if (asyncio::trace::Recorder* const recorder = asyncio::program::recorder())
    recorder->finish({true, crash->code, crash->error});
}

PyObject* crashed(PyObject*, PyObject* args) {
  return guarded([&] {
    int code = 0;
    const char* error = nullptr;
    if (!PyArg_ParseTuple(args, "is", &code, &error)) throw PythonError();
    crash = {code, error};
    return none();
  });
}

// The process is about to end without anything else: os._exit().
PyObject* exited(PyObject*, PyObject* code) {
  return guarded([&] {
    const long given = PyLong_AsLong(code);
    if (PyErr_Occurred()) throw PythonError();
    if (asyncio::trace::Recorder* const recorder = asyncio::program::recorder())
      recorder->finish({false, static_cast<int>(given & 0xff), ""});
    return none();
  });
}

PyMethodDef methods[] = {
    {"output", &output, METH_VARARGS, nullptr},
    {"end_lines", &end_lines, METH_NOARGS, nullptr},
    {"now", &now, METH_NOARGS, nullptr},
    {"pass_time", &pass_time, METH_O, nullptr},
    {"begin_crew", &begin_crew, METH_NOARGS, nullptr},
    {"rest", &rest, METH_O, nullptr},
    {"expect", &expect, METH_O, nullptr},
    {"crashed", &crashed, METH_VARARGS, nullptr},
    {"exited", &exited, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition{PyModuleDef_HEAD_INIT,
                       "_loopscope",
                       "Loopscope's core.",
                       -1,
                       methods,
                       nullptr,
                       nullptr,
                       nullptr,
                       nullptr};

bool add_type(PyObject* module, const char* name, PyType_Spec& spec) {
  const Owned type(PyType_FromSpec(&spec));
  return type && PyModule_AddObjectRef(module, name, type.get()) == 0;
}

bool fill(PyObject* module) {
  const bool is_virtual = asyncio::program::backend() == "virtual";
  PyObject* const traced = asyncio::program::recorder() ? Py_True : Py_False;
  return Py_AtExit(&tell_crash) == 0 && add_type(module, "Core", core_spec) &&
         add_type(module, "LoopBase", loop_base_spec) && add_type(module, "Seat", seat_spec) &&
         add_type(module, "Lock", lock_spec) && add_type(module, "RLock", rlock_spec) &&
         make_handle_types(module) && make_transport_type(module) &&
         PyModule_AddObjectRef(module, "virtual", is_virtual ? Py_True : Py_False) == 0 &&
         PyModule_AddObjectRef(module, "traced", traced) == 0;
}

}  // namespace

}  // namespace loopscope::python

PyMODINIT_FUNC PyInit__loopscope() {
  using namespace loopscope::python;
  asyncio::program::read_environment();
  Owned module(PyModule_Create(&definition));
  if (!module || !fill(module.get())) return nullptr;
  return module.release();
}
