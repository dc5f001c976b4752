// One process at a time, across clones and users' terminals. The lock belongs to a child process that waits on our pipe, so
// it is released whatever becomes of us.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, say } from './steps.mjs';

/** Runs `work` while holding the lock on `file` (flock of util-linux), waiting for whoever has it. */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = setTimeout(() => say(`   waiting for another process that holds ${file}`), 1500);
  try {
    await new Promise((resolve, reject) => {
      holder.stdout.once('data', resolve);
      holder.once('error', (error) => reject(new Failure(`Cannot lock ${file}: ${error.message}`)));
      holder.once('close', (code) => reject(new Failure(`Cannot lock ${file} (flock: ${code})`)));
    });
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await work();
  } finally {
    const released = new Promise((resolve) => holder.once('close', resolve));
    holder.stdin.end();
    await released;
  }
}
