// The locks of a program, which its conditions share.
#pragma once

#include <array>

#include <asyncio/lock.hpp>

#include "registry.hpp"

namespace fuzz {

struct Locks {
  std::array<asyncio::Lock, 2> all;
};

}  // namespace fuzz
