// What a program tells `loopscope run` of its trace, a byte each, by the descriptor whose number is
// in LOOPSCOPE_TRACE_REPORT.
#pragma once

namespace asyncio::program {

inline constexpr char kTraceBegun = 'b';
inline constexpr char kTraceFailed = 'f';  // and the program has said why
inline constexpr char kTraceEnded = 'e';   // the program's end is in it

}  // namespace asyncio::program
