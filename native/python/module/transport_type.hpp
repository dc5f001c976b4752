// `_loopscope.SocketTransport`: asyncio's transport for stream sockets, with what it does for each
// piece of data in C++.
//
// It derives from asyncio's own class, and keeps in slots what both read: starting, closing,
// buffering, limits, pausing and every error are asyncio's. For sockets of the type socket.socket.
#pragma once

#include "module/python.hpp"

namespace loopscope::python {

// Makes the type. False with a Python exception set.
bool make_transport_type(PyObject* module);

}  // namespace loopscope::python
