// The extension module `_loopscope`.
#pragma once

#include "module/python.hpp"

PyMODINIT_FUNC PyInit__loopscope();  // which says extern "C"

namespace loopscope::python {

// The interpreter is gone: if the program has crashed, that is the last event of the trace.
void tell_crash();

}  // namespace loopscope::python
