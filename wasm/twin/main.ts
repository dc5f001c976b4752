/** The WebAssembly twin of the command line program: same arguments, output and exit codes. */
import { HELP, parseCommand, UsageError, type Command } from './usage.js';
import { listExamples } from './examples.js';
import { runCommand } from './run.js';
import { Toolkit } from './toolkit.js';

/** Runs one command line; resolves to the exit code. `repository` is the project's folder. */
export async function main(argv: readonly string[], repository: URL): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(argv);
  } catch (error) {
    return complain(error);
  }
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'list': {
      const examples = listExamples(repository);
      if (command.json) {
        const cards = examples.map(({ name, title, teaches, needs }) => ({
          name,
          title,
          teaches,
          ...(needs === undefined ? {} : { needs }),
        }));
        process.stdout.write(`${JSON.stringify(cards, undefined, 2)}\n`);
        return 0;
      }
      const width = Math.max(...examples.map(({ name }) => name.length));
      for (const { name, teaches } of examples) {
        process.stdout.write(`${name.padEnd(width)}  ${teaches}\n`);
      }
      return 0;
    }
    case 'loops': {
      const backends = (await new Toolkit(repository).runner()).backends();
      const width = Math.max(...backends.map(({ name }) => name.length));
      for (const { name, about } of backends) {
        process.stdout.write(`${name.padEnd(width)}  ${about}\n`);
      }
      return 0;
    }
    case 'run':
      try {
        return await runCommand(command.options, repository);
      } catch (error) {
        return complain(error);
      }
  }
}

function complain(error: unknown): number {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`loopscope: ${error.message}\n`);
  return 2;
}
