// The extension module `_loopscope`.
#pragma once

#include "module/python.hpp"

PyMODINIT_FUNC PyInit__loopscope();  // which says extern "C"
