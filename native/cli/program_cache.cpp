#include "program_cache.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "arguments.hpp"
#include "child_process.hpp"
#include "compiler.hpp"
#include "dependency_file.hpp"
#include "files.hpp"
#include "layout.hpp"
#include "sha256.hpp"

namespace loopscope {

namespace {

namespace fs = std::filesystem;

// Change it when what is kept changes its form.
constexpr std::string_view kFormat = "loopscope programs 2";
constexpr auto kKeptFor = std::chrono::hours(24 * 30);
constexpr const char* kLibraries[] = {"libloopscope_co_main.a", "libloopscope_asyncio.a"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path cache_folder() {
  fs::path base = variable("XDG_CACHE_HOME");
  if (!base.is_absolute()) {
    base = variable("HOME");
    base = base.is_absolute() ? base / ".cache" : fs::temp_directory_path();
  }
  const fs::path folder = base / "loopscope" / "programs";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw Failure{"cannot make the folder \"" + folder.string() + "\": " + error.message()};
  return folder;
}

// Without those that depend on where the source is.
std::vector<std::string> compile_flags() {
  std::vector<std::string> flags{"-std=c++20", "-g", "-O1", "-I" + layout().headers.string()};
  flags.insert(flags.end(), layout().flags.begin(), layout().flags.end());
  return flags;
}

std::string library(const char* name) {
  fs::path path = layout().libraries / name;
  if (!fs::exists(path))
    throw Failure{"the library is not where it should be: \"" + path.string() + "\""};
  return path.string();
}

std::string key_of(const fs::path& source, const Compiler& compiler) {
  Sha256 key;
  key.add_part(kFormat).add_part(compiler.version);
  for (const std::string& word : compiler.command) key.add_part(word);
  for (const std::string& flag : compile_flags()) key.add_part(flag);
  for (const char* name : kLibraries) key.add_part(read_file(library(name)));
  // The name is part of the program, for the trace and __FILE__ show it; its folder is not.
  return key.add_part(source.filename().string()).add_part(read_file(source.string())).finish();
}

constexpr std::string_view kHere = "./";

// "<hash>  <path>" for each file; the path is one from the source's folder where the source named
// it so, with #include "...".
std::string hashes_of(const std::vector<std::string>& files, const std::string& folder) {
  std::string lines;
  for (const std::string& file : files) {
    const bool beside = file.starts_with(folder);
    lines += sha256(read_file(file)) + "  ";
    lines += beside ? std::string(kHere) + file.substr(folder.size()) : file;
    lines += '\n';
  }
  return lines;
}

bool is_unchanged(const std::string& file, std::string_view hash) {
  std::error_code error;
  return fs::is_regular_file(file, error) && sha256(read_file(file)) == hash;
}

// The manifest: a line for the executable and one for each file that went into it. An executable
// that is not what it was is none.
std::optional<fs::path> find_compiled(const fs::path& manifest, const std::string& folder) {
  std::error_code error;
  if (!fs::is_regular_file(manifest, error)) return std::nullopt;
  std::istringstream lines(read_file(manifest.string()));
  std::optional<fs::path> program;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find("  ");
    if (blank == std::string::npos) return std::nullopt;
    std::string file = line.substr(blank + 2);
    if (!program)
      file = *(program = manifest.parent_path() / file);
    else if (file.starts_with(kHere))
      file = folder + file.substr(kHere.size());
    if (!is_unchanged(file, std::string_view(line).substr(0, blank))) return std::nullopt;
  }
  if (!program || access(program->c_str(), X_OK) != 0) return std::nullopt;
  return program;
}

void mark_as_used(const fs::path& file) {
  std::error_code ignored;
  fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
}

void remove_unused(const fs::path& folder) {
  std::error_code ignored;
  const auto oldest = fs::file_time_type::clock::now() - kKeptFor;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    std::error_code error;
    if (entry.last_write_time(error) < oldest && !error) fs::remove(entry.path(), error);
  }
}

// Removes what an interrupted or failed compilation leaves.
struct RemoveAtEnd {
  fs::path file;
  ~RemoveAtEnd() {
    std::error_code ignored;
    fs::remove(file, ignored);
  }
};

}  // namespace

std::optional<fs::path> compiled_program(const fs::path& source) {
  const fs::path folder = cache_folder();
  const Compiler compiler = find_compiler();
  const std::string key = key_of(source, compiler);
  const fs::path manifest = folder / (key + ".manifest");
  const std::string beside = source.parent_path().string() + "/";
  if (const auto program = find_compiled(manifest, beside)) {
    mark_as_used(manifest);
    mark_as_used(*program);
    return program;
  }
  const std::string own = key + "." + std::to_string(getpid());
  const RemoveAtEnd output{folder / (own + ".tmp")};
  const RemoveAtEnd dependencies{folder / (own + ".d.tmp")};
  std::vector<std::string> command = compiler.command;
  for (std::string& flag : compile_flags()) command.push_back(std::move(flag));
  command.insert(command.end(),
                 {"-fmacro-prefix-map=" + beside + "=", "-MMD", "-MF", dependencies.file.string(),
                  source.string(), "-o", output.file.string()});
  // A program without a loop has a trace, too.
  command.emplace_back("-Wl,-u,_ZN7asyncio7program16read_environmentEv");
  for (const char* name : kLibraries) command.push_back(library(name));
  command.insert(command.end(), {"-pthread", "-ldl"});
  if (run_child(command[0], command).exit_code != 0) return std::nullopt;

  const std::string headers = hashes_of(read_dependency_file(dependencies.file), beside);
  fs::path program = folder / (key + "-" + sha256(headers).substr(0, 16));
  const std::string hash = sha256(read_file(output.file.string()));
  fs::rename(output.file, program);
  write_file(manifest, hash + "  " + program.filename().string() + "\n" + headers);
  remove_unused(folder);
  return program;
}

}  // namespace loopscope
