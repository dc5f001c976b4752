// loopscope-python FILE ARGUMENTS...: CPython with our loop, as `loopscope run FILE.py` starts it.
//
// CPython is linked into this program so that its clocks are ours: under the virtual clock
// time.time(), time.sleep() and datetime.now() follow the loop, for they ask the C library's
// functions (program/virtual_process_time.cpp).
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "module/module.hpp"

namespace loopscope::python {

namespace {

[[noreturn]] void fail(const PyStatus& status) { Py_ExitStatusException(status); }

void check(const PyStatus& status) {
  if (PyStatus_Exception(status)) fail(status);
}

// As `python3` itself: its folders, its environment variables, its signal handlers.
void start(const char* executable) {
  // Under a trace these have a handler already; KeyboardInterrupt is Python's.
  std::signal(SIGINT, SIG_DFL);
  PyImport_AppendInittab("_loopscope", &PyInit__loopscope);
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.parse_argv = 0;
  check(PyConfig_SetBytesString(&config, &config.program_name, executable));
  check(PyConfig_SetBytesString(&config, &config.executable, executable));
  check(Py_InitializeFromConfig(&config));
  PyConfig_Clear(&config);
}

Owned program_arguments(int argc, char** argv) {
  Owned list(checked(PyList_New(0)));
  for (int index = 1; index < argc; ++index) {
    const Owned word(checked(PyUnicode_DecodeFSDefault(argv[index])));
    if (PyList_Append(list.get(), word.get()) != 0) throw PythonError();
  }
  return list;
}

void add_package_folder(const char* folder) {
  PyObject* const path = PySys_GetObject("path");
  const Owned text(checked(PyUnicode_DecodeFSDefault(folder)));
  if (!path || PyList_Append(path, text.get()) != 0) throw PythonError();
}

int run(int argc, char** argv) {
  try {
    const char* const folder = std::getenv("LOOPSCOPE_PYTHON_PACKAGE");
    add_package_folder(folder ? folder : LOOPSCOPE_PACKAGE);
    const Owned package(checked(PyImport_ImportModule("loopscope.program")));
    const Owned words = program_arguments(argc, argv);
    const Owned code(checked(PyObject_CallMethod(package.get(), "main", "O", words.get())));
    return static_cast<int>(PyLong_AsLong(code.get()));
  } catch (const PythonError&) {
    PyErr_Print();
    return 1;
  }
}

}  // namespace

}  // namespace loopscope::python

int main(int argc, char** argv) {
  using namespace loopscope::python;
  if (argc < 2) {
    std::fputs("usage: loopscope-python FILE [ARGUMENTS]\n", stderr);
    return 2;
  }
  start(LOOPSCOPE_PYTHON);
  int code = run(argc, argv);
  if (Py_FinalizeEx() < 0) code = 120;
  if (code == 128 + SIGINT) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
    sigset_t interrupt;  // blocked by the last exit function: see program.py
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
  }
  return code;
}
