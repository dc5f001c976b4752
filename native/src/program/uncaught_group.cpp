#include "program/uncaught_group.hpp"

#include <cstdio>
#include <exception>

#include <asyncio/exception_group.hpp>

namespace asyncio::program {

namespace {

std::terminate_handler previous = nullptr;

void on_terminate() {
  try {
    if (std::current_exception()) throw;
  } catch (const ExceptionGroup& group) {
    std::string text = describe(std::current_exception()) + ":\n";
    for (const std::exception_ptr& error : group.leaves()) text += "  " + describe(error) + "\n";
    std::fputs(text.c_str(), stderr);
  } catch (...) {
  }
  previous();
}

}  // namespace

void tell_what_is_in_uncaught_groups() {
  [[maybe_unused]] static const bool installed = [] {
    previous = std::set_terminate(&on_terminate);
    return true;
  }();
}

}  // namespace asyncio::program
