// npm start: does whatever is still missing, builds, and serves the page.
//
//   npm start -- --port 8080 --host 0.0.0.0
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Failure, heading, main, say } from '../wasm/toolchain/steps.mjs';
import { build } from './build.mjs';
import { serve } from './server.mjs';

const DEFAULT_PORT = 4173;
const TRIES = 20;

await main(async () => {
  const options = readArguments();
  heading('Loopscope');
  const dist = await build();
  const { server, port } = await listen(dist, options);
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  process.stdout.write(`\nLoopscope is at http://${shown}:${port}/   (Ctrl+C ends it)\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
});

function readArguments() {
  const usage = 'Usage: npm start -- [--port NUMBER] [--host ADDRESS]';
  let values;
  try {
    ({ values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } }));
  } catch (error) {
    throw new Failure(`${error.message}\n${usage}`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Failure(`--port ${values.port} is not a port number.\n${usage}`);
  }
  return { port, host: values.host ?? '127.0.0.1' };
}

/** The port asked for, or else the first free one from the default on. */
async function listen(dist, { port, host }) {
  const first = port ?? DEFAULT_PORT;
  const last = port ?? DEFAULT_PORT + TRIES;
  for (let candidate = first; candidate <= last; candidate++) {
    try {
      return await serve(dist, { port: candidate, host });
    } catch (error) {
      if (error.code !== 'EADDRINUSE') {
        throw new Failure(`Cannot listen on ${host} port ${candidate}: ${error.message}`);
      }
      if (port === undefined) say(`   port ${candidate} is taken`);
    }
  }
  throw new Failure(
    port === undefined
      ? `Ports ${first} to ${last} are all taken; choose one with --port.`
      : `Port ${port} is taken; choose another with --port.`,
  );
}
