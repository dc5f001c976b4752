/** The program of one's own: just enough to begin with. */
import type { Example } from './examples.js';

export const blankProgram: Example = {
  name: 'my_program',
  title: 'My program',
  teaches: 'A page of your own. What you write stays in this browser.',
  group: 'your own',
  order: Infinity,
  body: '',
  source: {
    cpp: `#include <iostream>

#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> program() {
  co_await asyncio::sleep(1s);
  std::cout << "done\n";
}

int main() { asyncio::run(program()); }
`,
    python: `import asyncio


async def program():
    await asyncio.sleep(1)
    print("done")


asyncio.run(program())
`,
  },
};
