// loopscope-python FILE ARGUMENTS...: CPython with our loop, as `loopscope run FILE.py` starts it.
// With a folder or options (-m, -c ...) it is an interpreter like any other, and so it is what a
// program's children get that it starts by sys.executable: multiprocessing's, reloaders, workers.
//
// CPython is linked into this program so that its clocks are ours: under the virtual clock
// time.time(), time.sleep() and datetime.now() follow the loop, for they ask the C library's
// functions (program/virtual_process_time.cpp).
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "module/module.hpp"

namespace loopscope::python {

namespace {

constexpr const char* kVersion = LOOPSCOPE_PYTHON_VERSION;  // "3.11"

// "3.11", as its pyvenv.cfg says it; "" where that says nothing.
std::string version_of_environment(const std::string& folder) {
  std::ifstream settings(folder + "/pyvenv.cfg");
  for (std::string line; std::getline(settings, line);) {
    if (!line.starts_with("version"))
      continue;  // "version = 3.11.2", "version_info = 3.11.2.final.0"
    const std::size_t digits = line.find_first_of("0123456789");
    const std::size_t point = line.find('.', digits);
    if (digits == line.npos || point == line.npos) continue;
    return line.substr(digits, line.find_first_not_of("0123456789", point + 1) - digits);
  }
  return {};
}

// A folder with a __main__.py, or an archive with one.
bool is_package(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error) || path.extension() == ".pyz" ||
         path.extension() == ".zip";
}

[[noreturn]] void fail(const PyStatus& status) { Py_ExitStatusException(status); }

void check(const PyStatus& status) {
  if (PyStatus_Exception(status)) fail(status);
}

// The active virtual environment's interpreter, or that of the build.
std::string executable() {
  const char* const active = std::getenv("LOOPSCOPE_PYTHON_ENVIRONMENT");
  const char* const folder = active ? active : std::getenv("VIRTUAL_ENV");
  if (!folder || !*folder) return LOOPSCOPE_PYTHON;
  const std::string version = version_of_environment(folder);
  if (version == kVersion) return std::string(folder) + "/bin/python3";
  // Once, and not by each child again.
  if (!std::getenv("LOOPSCOPE_ENVIRONMENT_TOLD"))
    std::fprintf(stderr,
                 "loopscope: the virtual environment \"%s\" is not used: %s; this program runs "
                 "Python %s\n",
                 folder,
                 version.empty() ? "it says no version" : ("it is of Python " + version).c_str(),
                 kVersion);
  setenv("LOOPSCOPE_ENVIRONMENT_TOLD", "1", 1);
  return LOOPSCOPE_PYTHON;
}

// As `python3` itself: its folders, its environment variables, its signal handlers.
void start(const std::string& executable, int argc, char** argv, bool as_interpreter) {
  // Under a trace these have a handler already; KeyboardInterrupt is Python's.
  std::signal(SIGINT, SIG_DFL);
  PyImport_AppendInittab("_loopscope", &PyInit__loopscope);
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.parse_argv = as_interpreter ? 1 : 0;
  if (as_interpreter) check(PyConfig_SetBytesArgv(&config, argc, argv));
  check(PyConfig_SetBytesString(&config, &config.program_name, executable.c_str()));
  check(PyConfig_SetBytesString(&config, &config.executable, executable.c_str()));
  check(Py_InitializeFromConfig(&config));
  PyConfig_Clear(&config);
}

// What the program starts by sys.executable has the loop, too.
void stand_for_interpreter() {
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe");
  const Owned path(checked(PyUnicode_DecodeFSDefault(here.c_str())));
  if (PySys_SetObject("executable", path.get()) != 0) throw PythonError();
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

Owned our_package() {
  const char* const folder = std::getenv("LOOPSCOPE_PYTHON_PACKAGE");
  add_package_folder(folder ? folder : LOOPSCOPE_PACKAGE);
  return Owned(checked(PyImport_ImportModule("loopscope.program")));
}

// Everything that CPython's own command line can run.
int run_as_interpreter() {
  try {
    stand_for_interpreter();
    const Owned package = our_package();
    Owned(checked(PyObject_CallMethod(package.get(), "prepare", nullptr)));
  } catch (const PythonError&) {
    PyErr_Print();
    return 1;
  }
  return Py_RunMain();
}

int run(int argc, char** argv) {
  try {
    stand_for_interpreter();
    const Owned package = our_package();
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
  const bool as_interpreter = argv[1][0] == '-' || is_package(argv[1]);
  start(executable(), argc, argv, as_interpreter);
  if (as_interpreter) return run_as_interpreter();
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
