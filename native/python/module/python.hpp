// CPython's C interface, and what makes it bearable in C++.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <asyncio/errors.hpp>

namespace loopscope::python {

// One reference to an object, or none.
class Owned {
 public:
  Owned() = default;
  // Takes over a reference, as most of CPython's functions return one.
  explicit Owned(PyObject* object) noexcept : object_(object) {}
  Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Owned() { Py_XDECREF(object_); }
  static Owned also(PyObject* object) noexcept { return Owned(Py_XNewRef(object)); }

  PyObject* get() const noexcept { return object_; }
  PyObject* release() noexcept { return std::exchange(object_, nullptr); }
  explicit operator bool() const noexcept { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

// A Python exception is set: unwinds to guarded().
struct PythonError {};

inline PyObject* checked(PyObject* object) {
  if (!object) throw PythonError();
  return object;
}

// The exception that is set, with its traceback; nothing is set then. CPython 3.12:
// PyErr_GetRaisedException
inline Owned take_exception() noexcept {
  PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return Owned(value);
}

inline std::string_view text_of(PyObject* object) {
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(object, &size);
  if (!text) throw PythonError();
  return {text, static_cast<std::size_t>(size)};
}

inline PyObject* none() noexcept { return Py_NewRef(Py_None); }

// Runs what may throw in C++, and hands it to Python as an exception.
template <class F>
PyObject* guarded(F&& work) noexcept {
  try {
    return work();
  } catch (const PythonError&) {
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::system_error& error) {
    Owned args(Py_BuildValue("is", error.code().value(), error.code().message().c_str()));
    if (args) PyErr_SetObject(PyExc_OSError, args.get());
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

}  // namespace loopscope::python
