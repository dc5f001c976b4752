/** The state of a task as a shape: readable without colour, the same everywhere. */
import type { TaskStatus } from '../trace/state.js';

const words: Readonly<Record<TaskStatus, string>> = {
  created: 'created',
  ready: 'ready',
  running: 'running',
  waiting: 'waiting',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  abandoned: 'never finished',
  unrecorded: 'no longer recorded',
};

export function statusWord(status: TaskStatus): string {
  return words[status];
}

/** Which outcome colour goes with a state; the others take the task's own. */
export function statusTone(status: TaskStatus): 'ok' | 'bad' | 'warn' | '' {
  if (status === 'done') return 'ok';
  if (status === 'failed') return 'bad';
  return status === 'cancelled' || status === 'abandoned' ? 'warn' : '';
}

function shape(status: TaskStatus) {
  switch (status) {
    case 'running':
      return (
        <>
          <circle cx="7" cy="7" r="6.5" class="fill" />
          <path d="M5.4 4v6l4.8-3Z" class="hole" />
        </>
      );
    case 'ready':
      return (
        <>
          <circle cx="7" cy="7" r="5.8" class="stroke" />
          <path d="M5.6 4.4v5.2L9.8 7Z" class="fill" />
        </>
      );
    case 'waiting':
      return (
        <>
          <circle cx="7" cy="7" r="6" class="stroke faint" />
          <path d="M5.5 4.9v4.2M8.5 4.9v4.2" class="stroke" />
        </>
      );
    case 'done':
      return <path d="m2.6 7.4 3 3 5.8-6.6" class="stroke thick" />;
    case 'failed':
      return <path d="m3.2 3.2 7.6 7.6M10.8 3.2l-7.6 7.6" class="stroke thick" />;
    case 'cancelled':
      return (
        <>
          <circle cx="7" cy="7" r="5.4" class="stroke" />
          <path d="m3.4 3.4 7.2 7.2" class="stroke" />
        </>
      );
    case 'created':
      return <circle cx="7" cy="7" r="5.8" class="stroke" />;
    case 'abandoned':
    case 'unrecorded':
      return (
        <>
          <circle cx="7" cy="7" r="5.8" class="stroke dotted" />
          <path d="M4.4 7h5.2" class="stroke" />
        </>
      );
  }
}

export function StatusIcon({ status }: { readonly status: TaskStatus }) {
  return (
    <svg
      class={`status ${status} ${statusTone(status)}`}
      viewBox="0 0 14 14"
      role="img"
      aria-label={statusWord(status)}
    >
      {shape(status)}
    </svg>
  );
}
