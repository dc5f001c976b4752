// What else asks for the programs' context variables.
#pragma once

#include <string>

namespace fuzz {

// "v0 is 3, v1 is -1": what they are in the current context.
std::string variables_text();

}  // namespace fuzz
