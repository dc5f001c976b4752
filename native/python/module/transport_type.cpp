#include "module/transport_type.hpp"

#include <structmember.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <memory>

namespace loopscope::python {

namespace {

// Behind what the base class has. The names are the attributes'; the objects are what `__slots__`
// would make of them, so that Python's own functions visit and clear them.
struct TransportPart {
  PyObject *sock, *protocol, *buffer, *empty_waiter, *read_ready_callback;
  int conn_lost;
  bool eof;
};

// What is looked up once, and lives as long as the interpreter.
struct Known {
  PyTypeObject* base;         // asyncio's class
  Py_ssize_t part_offset;     // where a TransportPart begins
  PyObject* asyncios_write;   // its write(), for all that is not the usual case
  PyObject* file_descriptor;  // socket.fileno
  PyObject *max_size, *data_received, *get_buffer, *buffer_updated;  // names
};
Known known{};

TransportPart& part_of(PyObject* self) noexcept {
  return *reinterpret_cast<TransportPart*>(reinterpret_cast<char*>(self) + known.part_offset);
}

bool would_block(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Nobody but __init__() and a program that deletes what is not its own leaves one of them empty.
PyObject* present(PyObject* attribute) {
  if (attribute) [[likely]]
    return attribute;
  PyErr_SetString(PyExc_AttributeError, "the transport is not complete");
  throw PythonError();
}

// Asked for each time: the program may have closed the socket, and the number be another's.
int descriptor_of(const TransportPart& part) {
  PyObject* words[] = {present(part.sock)};
  const Owned number(checked(PyObject_Vectorcall(known.file_descriptor, words, 1, nullptr)));
  return static_cast<int>(PyLong_AsLong(number.get()));
}

// Hands the exception that is set to asyncio, as an `except` clause does. SystemExit and
// KeyboardInterrupt pass.
PyObject* fatal(PyObject* self, const char* message) {
  if (PyErr_ExceptionMatches(PyExc_SystemExit) || PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
    throw PythonError();
  const Owned error = take_exception();
  const Owned before(PyErr_GetHandledException());
  PyErr_SetHandledException(error.get());
  const Owned result(PyObject_CallMethod(self, "_fatal_error", "Os", error.get(), message));
  PyErr_SetHandledException(before.get());
  if (!result) throw PythonError();
  return none();
}

PyObject* system_error(PyObject* self, int error, const char* message) {
  errno = error;
  PyErr_SetFromErrno(PyExc_OSError);
  return fatal(self, message);
}

// -- Reading ------------------------------------------------------------------------------------------------------------

constexpr const char* kReadError = "Fatal read error on socket transport";
constexpr std::size_t kUsualSize = 256 * 1024;

// What came, at most `size` bytes; null where recv() failed. A small piece needs no large object.
Owned receive(int fd, std::size_t size, int& error) {
  static char* const usual = new char[kUsualSize];  // used under the interpreter's lock
  error = 0;
  if (size <= kUsualSize) {
    const ssize_t count = ::recv(fd, usual, size, 0);
    if (count >= 0) return Owned(checked(PyBytes_FromStringAndSize(usual, count)));
    error = errno;
    return Owned();
  }
  Owned bytes(checked(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size))));
  const ssize_t count = ::recv(fd, PyBytes_AS_STRING(bytes.get()), size, 0);
  if (count < 0) {
    error = errno;
    return Owned();
  }
  PyObject* shrunk = bytes.release();
  if (_PyBytes_Resize(&shrunk, count) != 0) throw PythonError();
  return Owned(shrunk);
}

// asyncio: _SelectorSocketTransport._read_ready__data_received
PyObject* read_data(PyObject* self, PyObject*) {
  return guarded([&] {
    const TransportPart& part = part_of(self);
    if (part.conn_lost) return none();
    const Owned max_size(checked(PyObject_GetAttr(self, known.max_size)));
    const std::size_t size = PyLong_AsSize_t(max_size.get());
    if (PyErr_Occurred()) return fatal(self, kReadError);
    int error = 0;
    const Owned data = receive(descriptor_of(part), size, error);
    if (!data) return would_block(error) ? none() : system_error(self, error, kReadError);
    if (PyBytes_GET_SIZE(data.get()) == 0)
      return checked(PyObject_CallMethod(self, "_read_ready__on_eof", nullptr));
    const Owned protocol = Owned::also(present(part.protocol));
    const Owned result(PyObject_CallMethodOneArg(protocol.get(), known.data_received, data.get()));
    if (!result) return fatal(self, "Fatal error: protocol.data_received() call failed.");
    return none();
  });
}

// How much came; negative where recv() failed. Sets a Python exception where the buffer will not
// do.
ssize_t receive_into(const TransportPart& part, PyObject* buffer, int& error) {
  const int fd = descriptor_of(part);
  Py_buffer view;
  if (PyObject_GetBuffer(buffer, &view, PyBUF_WRITABLE) != 0) {
    PyErr_Clear();  // Python's own socket says it in its words
    const Owned count(PyObject_CallMethod(part.sock, "recv_into", "O", buffer));
    return count ? PyLong_AsSsize_t(count.get()) : -1;
  }
  const ssize_t count = ::recv(fd, view.buf, static_cast<std::size_t>(view.len), 0);
  error = errno;
  PyBuffer_Release(&view);
  return count;
}

// The protocol's buffer. None where get_buffer() failed, which asyncio knows by then.
Owned buffer_of(PyObject* self, PyObject* protocol) {
  const Owned hint(checked(PyLong_FromLong(-1)));
  Owned buffer(PyObject_CallMethodOneArg(protocol, known.get_buffer, hint.get()));
  const Py_ssize_t size = buffer ? PyObject_Length(buffer.get()) : -1;
  if (size == 0) PyErr_SetString(PyExc_RuntimeError, "get_buffer() returned an empty buffer");
  if (size > 0) return buffer;
  return Owned(fatal(self, "Fatal error: protocol.get_buffer() call failed."));
}

// asyncio: _SelectorSocketTransport._read_ready__get_buffer
PyObject* read_into_buffer(PyObject* self, PyObject*) {
  return guarded([&] {
    const TransportPart& part = part_of(self);
    if (part.conn_lost) return none();
    const Owned protocol = Owned::also(present(part.protocol));
    const Owned buffer = buffer_of(self, protocol.get());
    if (buffer.get() == Py_None) return none();
    int error = 0;
    const ssize_t count = receive_into(part, buffer.get(), error);
    if (PyErr_Occurred()) return fatal(self, kReadError);
    if (count < 0) return would_block(error) ? none() : system_error(self, error, kReadError);
    if (count == 0) return checked(PyObject_CallMethod(self, "_read_ready__on_eof", nullptr));
    const Owned number(checked(PyLong_FromSsize_t(count)));
    const Owned result(
        PyObject_CallMethodOneArg(protocol.get(), known.buffer_updated, number.get()));
    if (!result) return fatal(self, "Fatal error: protocol.buffer_updated() call failed.");
    return none();
  });
}

// asyncio: _SelectorSocketTransport._read_ready
PyObject* read_ready(PyObject* self, PyObject*) {
  return guarded([&] {
    const Owned callback = Owned::also(present(part_of(self).read_ready_callback));
    return checked(PyObject_CallNoArgs(callback.get()));
  });
}

// -- Writing ------------------------------------------------------------------------------------------------------------

bool can_send_now(const TransportPart& part, PyObject* data) {
  if (!PyBytes_Check(data) && !PyByteArray_Check(data) && !PyMemoryView_Check(data)) return false;
  if (part.sock == Py_None || part.eof || part.conn_lost || part.empty_waiter != Py_None ||
      !part.buffer)
    return false;
  return PyObject_Length(part.buffer) == 0;
}

PyObject* write_as_asyncio(PyObject* self, PyObject* data) {
  PyObject* words[] = {self, data};
  return checked(PyObject_Vectorcall(known.asyncios_write, words, 2, nullptr));
}

// asyncio: _SelectorSocketTransport.write, where it can send at once; the rest of what could not be
// sent is left to it.
PyObject* write(PyObject* self, PyObject* data) {
  return guarded([&] {
    const TransportPart& part = part_of(self);
    Py_buffer view;
    if (!can_send_now(part, data) || PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) != 0) {
      PyErr_Clear();
      return write_as_asyncio(self, data);
    }
    const std::unique_ptr<Py_buffer, void (*)(Py_buffer*)> release(&view, &PyBuffer_Release);
    if (view.len == 0) return none();
    const ssize_t sent =
        ::send(descriptor_of(part), view.buf, static_cast<std::size_t>(view.len), 0);
    if (sent == view.len) return none();
    if (sent < 0 && !would_block(errno))
      return system_error(self, errno, "Fatal write error on socket transport");
    if (sent <= 0) return write_as_asyncio(self, data);
    const Owned whole(checked(PyMemoryView_FromObject(data)));
    const Owned bytes(checked(PyObject_CallMethod(whole.get(), "cast", "s", "B")));
    const Owned rest(checked(PySequence_GetSlice(bytes.get(), sent, view.len)));
    return write_as_asyncio(self, rest.get());
  });
}

// -- The type -----------------------------------------------------------------------------------------------------------

PyMethodDef methods[] = {
    {"_read_ready__data_received", &read_data, METH_NOARGS, nullptr},
    {"_read_ready__get_buffer", &read_into_buffer, METH_NOARGS, nullptr},
    {"_read_ready", &read_ready, METH_NOARGS, nullptr},
    {"write", &write, METH_O, "Write some data bytes to the transport."},
    {nullptr, nullptr, 0, nullptr},
};

// As the base class makes it; `_sock` has to be None until then.
PyObject* make(PyTypeObject* type, PyObject*, PyObject*) {
  return guarded([&] {
    const Owned nothing(checked(PyTuple_New(0)));
    PyObject* const self = checked(known.base->tp_new(type, nothing.get(), nullptr));
    part_of(self).sock = none();
    return self;
  });
}

PyTypeObject* make_type(PyTypeObject* base) {
  // Named as asyncio's, whose place it takes: so it is called in what transports print.
  const Py_ssize_t offset = known.part_offset;
  const auto member = [&](const char* name, int type, std::size_t place) {
    return PyMemberDef{name, type, offset + static_cast<Py_ssize_t>(place), 0, nullptr};
  };
  PyMemberDef members[] = {
      member("_sock", T_OBJECT_EX, offsetof(TransportPart, sock)),
      member("_protocol", T_OBJECT_EX, offsetof(TransportPart, protocol)),
      member("_buffer", T_OBJECT_EX, offsetof(TransportPart, buffer)),
      member("_empty_waiter", T_OBJECT_EX, offsetof(TransportPart, empty_waiter)),
      member("_read_ready_cb", T_OBJECT_EX, offsetof(TransportPart, read_ready_callback)),
      member("_conn_lost", T_INT, offsetof(TransportPart, conn_lost)),
      member("_eof", T_BOOL, offsetof(TransportPart, eof)),
      {nullptr, 0, 0, 0, nullptr},
  };
  PyType_Slot slots[] = {
      {Py_tp_new, reinterpret_cast<void*>(&make)},
      {Py_tp_methods, methods},
      {Py_tp_members, members},
      {0, nullptr},
  };
  PyType_Spec spec{"asyncio.selector_events._SelectorSocketTransport",
                   static_cast<int>(offset + static_cast<Py_ssize_t>(sizeof(TransportPart))), 0,
                   Py_TPFLAGS_DEFAULT, slots};
  const Owned bases(checked(PyTuple_Pack(1, base)));
  return reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpecWithBases(&spec, bases.get())));
}

PyObject* attribute(const char* module_name, const char* type_name, const char* name) {
  const Owned module(checked(PyImport_ImportModule(module_name)));
  Owned type(checked(PyObject_GetAttrString(module.get(), type_name)));
  return name ? checked(PyObject_GetAttrString(type.get(), name)) : type.release();
}

}  // namespace

bool make_transport_type(PyObject* module) {
  try {
    constexpr const char* kModule = "asyncio.selector_events";
    constexpr const char* kClass = "_SelectorSocketTransport";
    known.base = reinterpret_cast<PyTypeObject*>(attribute(kModule, kClass, nullptr));
    constexpr auto kAlign = static_cast<Py_ssize_t>(alignof(TransportPart));
    known.part_offset = (known.base->tp_basicsize + kAlign - 1) / kAlign * kAlign;
    known.asyncios_write = attribute(kModule, kClass, "write");
    known.file_descriptor = attribute("_socket", "socket", "fileno");
    known.max_size = checked(PyUnicode_InternFromString("max_size"));
    known.data_received = checked(PyUnicode_InternFromString("data_received"));
    known.get_buffer = checked(PyUnicode_InternFromString("get_buffer"));
    known.buffer_updated = checked(PyUnicode_InternFromString("buffer_updated"));
    const Owned type(reinterpret_cast<PyObject*>(make_type(known.base)));
    return PyModule_AddObjectRef(module, "SocketTransport", type.get()) == 0;
  } catch (const PythonError&) {
    return false;
  }
}

}  // namespace loopscope::python
