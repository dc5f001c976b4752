// An ExceptionGroup that nobody catches.
#pragma once

namespace asyncio::program {

// From the first call on: before the program is terminated by one, standard error says what is in
// it, for its what() is only how many. Python: the traceback shows them all
void tell_what_is_in_uncaught_groups();

}  // namespace asyncio::program
