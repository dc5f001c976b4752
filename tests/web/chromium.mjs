/** The browser of all tests: the machine's own Chromium, never a downloaded one, and without its own network traffic. */
import process from 'node:process';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Chromium refuses its sandbox to root. */
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export const launchOptions = {
  executablePath: process.env['LOOPSCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: [...quiet, ...asRoot],
};
