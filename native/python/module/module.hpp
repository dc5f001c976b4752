// The extension module `_loopscope`.
#pragma once

#include "module/python.hpp"

extern "C" PyMODINIT_FUNC PyInit__loopscope();
