#include <asyncio/exception_group.hpp>

namespace asyncio {

namespace {

// "message (1 sub-exception)"
std::string text_of(const std::string& message, std::size_t count) {
  return message + " (" + std::to_string(count) + " sub-exception" + (count == 1 ? ")" : "s)");
}

std::optional<ExceptionGroup> as_group(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ExceptionGroup& group) {
    return group;
  } catch (...) {
    return std::nullopt;
  }
}

ExceptionGroup::Exceptions checked(ExceptionGroup::Exceptions exceptions) {
  if (exceptions.empty())
    throw std::invalid_argument("second argument (exceptions) must be a non-empty sequence");
  for (std::size_t index = 0; index < exceptions.size(); ++index) {
    if (!exceptions[index])
      throw std::invalid_argument("Item " + std::to_string(index) +
                                  " of second argument (exceptions) is not an exception");
  }
  return exceptions;
}

}  // namespace

ExceptionGroup::ExceptionGroup(const std::string& message, Exceptions exceptions)
    : std::runtime_error(text_of(message, exceptions.size())),
      content_(std::make_shared<const Content>(Content{message, checked(std::move(exceptions))})) {}

ExceptionGroup ExceptionGroup::derive(Exceptions exceptions) const {
  return {message(), std::move(exceptions)};
}

std::optional<ExceptionGroup> ExceptionGroup::subgroup(const Condition& condition) const {
  return split(condition).matching;
}

ExceptionGroup::Split ExceptionGroup::split(const Condition& condition) const {
  if (condition(std::make_exception_ptr(*this))) return {*this, std::nullopt};
  Exceptions matching, rest;
  for (const std::exception_ptr& error : exceptions()) {
    if (condition(error)) {
      matching.push_back(error);
    } else if (const std::optional<ExceptionGroup> group = as_group(error)) {
      const Split parts = group->split(condition);
      if (parts.matching) matching.push_back(std::make_exception_ptr(*parts.matching));
      if (parts.rest) rest.push_back(std::make_exception_ptr(*parts.rest));
    } else {
      rest.push_back(error);
    }
  }
  Split parts;
  if (!matching.empty()) parts.matching = derive(std::move(matching));
  if (!rest.empty()) parts.rest = derive(std::move(rest));
  return parts;
}

ExceptionGroup::Exceptions ExceptionGroup::leaves() const {
  Exceptions found;
  for (const std::exception_ptr& error : exceptions()) {
    if (const std::optional<ExceptionGroup> group = as_group(error)) {
      const Exceptions inner = group->leaves();
      found.insert(found.end(), inner.begin(), inner.end());
    } else {
      found.push_back(error);
    }
  }
  return found;
}

}  // namespace asyncio
