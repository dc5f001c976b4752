// The programs for tests that use timeouts, groups, scopes and channels: part of test_programs().
#pragma once

#include "support/programs.hpp"

namespace asyncio {

Coro<> timeouts_program(Journal& journal);
Coro<> waits_program(Journal& journal);
Coro<> task_groups_program(Journal& journal);
Coro<> nurseries_program(Journal& journal);
Coro<> channels_program(Journal& journal);

}  // namespace asyncio
