#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "arguments.hpp"
#include "backends/registry.hpp"
#include "child_process.hpp"
#include "commands.hpp"
#include "examples.hpp"
#include "layout.hpp"
#include "program_cache.hpp"
#include "trace/file_sink.hpp"
#include "trace_watch.hpp"

namespace loopscope {

namespace {

namespace fs = std::filesystem;

// What is to be run: an example, a file, or something else that Python can run.
struct Program {
  std::string name;  // in the trace
  fs::path source;   // absolute: the trace's writer reads it when the program runs; or none
  // Python: the words that say what to run, and the virtual environment that a script belongs to.
  std::vector<std::string> words{};
  fs::path environment{};

  bool is_python() const { return !words.empty(); }
};

// A script's first lines: "#!/usr/bin/python3", "#!/usr/bin/env python3", and what pip writes where
// the first would be too long.
std::string first_lines(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string first, second;
  std::getline(file, first);
  if (!first.starts_with("#!")) return {};
  std::getline(file, second);
  return first.ends_with("/sh") ? second : first.substr(2);
}

// The virtual environment whose interpreter a script names, or none.
fs::path environment_of_script(const std::string& lines) {
  const std::size_t begin = lines.find('/');
  const std::size_t end = lines.find_first_of(" \"'", begin);
  if (begin == lines.npos) return {};
  const fs::path folder = fs::path(lines.substr(begin, end - begin)).parent_path().parent_path();
  std::error_code error;
  return fs::exists(folder / "pyvenv.cfg", error) ? folder : fs::path();
}

// The full path of a command, where the virtual environment or PATH has it.
fs::path command_named(const std::string& name) {
  const char* const active = std::getenv("VIRTUAL_ENV");
  const char* const path = std::getenv("PATH");
  std::istringstream folders((active ? std::string(active) + "/bin:" : "") + (path ? path : ""));
  std::error_code error;
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const fs::path file = fs::path(folder) / name; fs::is_regular_file(file, error))
      return file;
  return {};
}

std::optional<Program> python_script(const fs::path& path, const std::string& word) {
  const std::string lines = first_lines(path);
  if (lines.find("python") == lines.npos) return std::nullopt;
  return Program{
      path.filename().string(), fs::canonical(path), {word}, environment_of_script(lines)};
}

Program find_program(const std::string& word) {
  const fs::path path = word;
  if (word.find('/') == std::string::npos && !path.has_extension()) {
    if (const fs::path source = example_source(word); !source.empty()) return {word, source};
  }
  if (!fs::exists(path)) {
    const bool command = word.find('/') == std::string::npos;
    if (const fs::path file = command ? command_named(word) : fs::path(); !file.empty())
      if (const auto script = python_script(file, file.string())) return *script;
    if (path.has_extension() || word.find('/') != std::string::npos)
      throw UsageError{"there is no file \"" + word + "\""};
    throw UsageError{"there is no example \"" + word + "\" (`loopscope list` names them)"};
  }
  if (path.extension() == ".py") return {path.stem().string(), fs::canonical(path), {word}};
  if (fs::exists(path / "__main__.py") || path.extension() == ".pyz") {
    const fs::path main = fs::canonical(path) / "__main__.py";
    return {fs::canonical(path).stem().string(), fs::exists(main) ? main : fs::path(), {word}};
  }
  if (fs::is_directory(path))
    throw UsageError{"the folder \"" + word + "\" has no __main__.py, which Python would run"};
  if (const auto script = python_script(path, word)) return *script;
  const auto endings = {".cpp", ".cc", ".cxx"};
  if (std::find(endings.begin(), endings.end(), path.extension()) == endings.end())
    throw UsageError{"\"" + word +
                     "\" is neither Python nor C++: this program runs .py, .cpp, .cc and .cxx"};
  return {path.stem().string(), fs::canonical(path)};
}

void check_seed(const Arguments& arguments) {
  const std::string seed = arguments.value("--seed").value_or("0");
  std::uint32_t number = 0;
  const char* const end = seed.data() + seed.size();
  if (const auto [at, error] = std::from_chars(seed.data(), end, number);
      at != end || error != std::errc())
    throw UsageError{"--seed is \"" + seed + "\"; it must be a number from 0 to 4294967295"};
}

void check_clock_and_loop(const Arguments& arguments) {
  const std::string clock = arguments.value("--clock").value_or("");
  if (arguments.has("--clock") && clock != "real" && clock != "virtual")
    throw UsageError{"--clock is \"" + clock + "\"; it can be real or virtual"};
  if (!arguments.has("--loop")) return;
  const std::string loop = *arguments.value("--loop");
  std::string names;
  bool known = false;
  for (const auto& backend : asyncio::available_backends()) {
    known = known || backend.name == loop;
    names += (names.empty() ? "" : ", ") + std::string(backend.name);
  }
  if (!known) throw UsageError{"--loop is \"" + loop + "\"; it can be " + names};
  if (clock == "virtual" && loop != "virtual")
    throw UsageError{"--loop " + loop + " waits in real time, --clock virtual does not wait"};
  if (clock == "real" && loop == "virtual")
    throw UsageError{"--loop virtual has a clock of its own, which --clock real is not"};
}

// Empties an old trace: if the program does not come to write one, there is none. A pipe or a
// device is left as it is.
void prepare_trace(const std::string& path, const Program& program) {
  std::error_code error;
  if (path == "-" || asyncio::trace::is_file_of(STDOUT_FILENO, path) ||
      asyncio::trace::is_file_of(STDERR_FILENO, path))
    throw UsageError{"the trace cannot go to \"" + path +
                     "\", where the program prints: name a file"};
  if (fs::equivalent(path, program.source, error))
    throw UsageError{"the trace would overwrite the program \"" + path + "\""};
  if (path.find("%p") != std::string::npos) return;  // the program's number, which nobody knows yet
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    if (fs::is_directory(path, error))
      throw Failure{"cannot write the trace to \"" + path + "\": it is a folder"};
    return;
  }
  errno = 0;
  if (!std::ofstream(path, std::ios::binary | std::ios::trunc))
    throw Failure{"cannot write the trace to \"" + path + "\": " + std::strerror(errno)};
  fs::remove(path, error);
}

Environment environment_of(const Arguments& arguments, const Program& program) {
  Environment environment{{"LOOPSCOPE_PROGRAM", program.name},
                          {"LOOPSCOPE_SOURCE", program.source.string()}};
  if (const auto clock = arguments.value("--clock")) environment["LOOPSCOPE_CLOCK"] = *clock;
  if (const auto loop = arguments.value("--loop")) environment["LOOPSCOPE_LOOP"] = *loop;
  if (const auto trace = arguments.value("--trace"))
    environment["LOOPSCOPE_TRACE"] = fs::absolute(*trace).string();
  if (const auto seed = arguments.value("--seed")) environment["LOOPSCOPE_SEED"] = *seed;
  if (arguments.has("--debug")) environment["LOOPSCOPE_DEBUG"] = "1";
  if (program.is_python())
    environment["LOOPSCOPE_PYTHON_PACKAGE"] = layout().python_package.string();
  if (!program.environment.empty())
    environment["LOOPSCOPE_PYTHON_ENVIRONMENT"] = program.environment.string();
  return environment;
}

// What is started, and the words that come before the program's own arguments.
struct Start {
  std::string executable;
  std::vector<std::string> argv;
};

std::optional<Start> compiled_start(const Program& program) {
  const auto executable = compiled_program(program.source);
  if (!executable) return std::nullopt;
  return Start{executable->string(), {program.name}};
}

// A file sees the name that was given as its sys.argv[0].
std::optional<Start> python_start(const Program& program) {
  const fs::path& python = layout().python;
  if (!fs::exists(python))
    throw Failure{
        "this build cannot run Python: it was made where there was no CPython 3.11 or "
        "newer with its headers and library (Debian: python3-dev)"};
  Start start{python.string(), {python.filename().string()}};
  start.argv.insert(start.argv.end(), program.words.begin(), program.words.end());
  return start;
}

// A program that succeeded, and its trace is not what was asked for.
constexpr int kNoTrace = 1;

// Whether the trace that was asked for is there, to its end; says where it is not, unless the
// program has said so.
bool trace_is_kept(const TraceWatch::Seen& seen, const std::string& path, const ChildEnd& end) {
  if (seen.ended || seen.failed || end.exit_code != 0) return seen.ended;
  std::cerr << "loopscope: "
            << (seen.begun ? "the program's end is not in " + path +
                                 ": it became another program, or lost the file"
                           : "there is no trace: nothing in the program wrote to " + path)
            << "\n";
  return false;
}

int run(std::span<const std::string> words) {
  const Option options[] = {{"-m", "a Python module"},
                            {"--clock", "real or virtual"},
                            {"--trace", "the file to write"},
                            {"--loop", "a name that `loopscope loops` lists"},
                            {"--seed", "a number from 0 to 4294967295"},
                            {"--debug", ""}};
  const Arguments arguments = parse_arguments(words, options, true);
  const auto module = arguments.value("-m");
  if (module && !arguments.positional.empty())
    throw UsageError{"\"" + arguments.positional[0] +
                     "\" is one argument too many: what follows -- is for the module"};
  check_clock_and_loop(arguments);
  check_seed(arguments);
  const Program program =
      module ? Program{*module, {}, {"-m", *module}}
             : find_program(only_positional(arguments, "the file or example to run"));
  const auto trace = arguments.value("--trace");
  if (trace) prepare_trace(*trace, program);

  const auto start = program.is_python() ? python_start(program) : compiled_start(program);
  if (!start) return 1;  // the compiler has said why

  std::vector<std::string> argv = start->argv;
  argv.insert(argv.end(), arguments.rest.begin(), arguments.rest.end());
  Environment environment = environment_of(arguments, program);
  std::optional<TraceWatch> watch;
  if (trace) environment["LOOPSCOPE_TRACE_REPORT"] = watch.emplace().descriptor();
  const ChildEnd end = run_child(start->executable, argv, environment);
  if (end.signal != 0)
    std::cerr << "loopscope: " << program.name << " was ended by " << signal_text(end.signal)
              << (trace ? "; what it did until then is in " + *trace : "") << "\n";
  const bool kept = !watch || trace_is_kept(watch->seen(), *trace, end);
  return end.exit_code == 0 && !kept ? kNoTrace : end.exit_code;
}

}  // namespace

const Command kRunCommand{"run", "run an example of the gallery, or any C++ or Python file",
                          R"(Usage: loopscope run FILE|NAME|FOLDER|COMMAND [OPTIONS] [-- ARGUMENTS]
       loopscope run -m MODULE [OPTIONS] [-- ARGUMENTS]

Compiles a C++ program against this build's asyncio library and runs it. NAME is an example that
`loopscope list` shows, FILE any .cpp file, with a main() or a co_main(). What was compiled before is
not compiled again. The compiler is $CXX, otherwise c++, g++ or clang++.

A FILE that ends with .py is run by CPython, with asyncio on this loop, and so is what Python can run
besides: a MODULE, a FOLDER with a __main__.py, a COMMAND that is a Python script ("uvicorn"). An
active virtual environment is used, where it is of this build's Python, and what the program starts
by sys.executable has the loop, too. With `await` outside of a function, as in a notebook, a file is
run as one coroutine.

  --clock real|virtual   real (the default): the program takes the time it takes
                         virtual: whenever all wait, the clock jumps to the next deadline, so that
                         it ends at once and every run writes the same trace
  --trace OUT            write what the loop does to OUT; `loopscope trace OUT` shows it, and the
                         page opens it. It is of this process: what child processes do is in none,
                         unless OUT has a %p, the process's number; then each has its own. Two
                         million events are kept, or as many as LOOPSCOPE_TRACE_EVENTS says; of
                         more, OUT says how many there were
  --loop NAME            the loop implementation; `loopscope loops` lists them
  --seed N               what is random follows from N: std::random_device, getrandom(), Python's
                         random, secrets, uuid4() and hashes; under the virtual clock from 0 unless
                         another is given, in real time it is random unless one is given
  --debug                asyncio's debug mode
  -- ARGUMENTS           what follows is for the program

  A Python program's asyncio.run(), new_event_loop() and so on make this loop, and `import uvloop`
  finds it too. With --clock virtual, `time` and `datetime` follow the loop's clock.

Exit code: that of the program; 128 and the signal's number where a signal ended it; 1 where it does
not compile, or where the program succeeded and its trace could not be written; 2 for wrong usage.
)",
                          &run};

}  // namespace loopscope
