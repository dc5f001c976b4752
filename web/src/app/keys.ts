/** The keyboard of the whole page. Text fields keep their keys, except Ctrl/Cmd+Enter. */

export interface KeyCommands {
  readonly run: () => void;
  readonly toggle: () => void;
  readonly step: (direction: 'back' | 'forward', unit: 'event' | 'step' | 'turn') => void;
  readonly toStart: () => void;
  readonly toEnd: () => void;
  readonly rate: (direction: 1 | -1) => void;
  readonly tab: (index: number) => void;
  readonly filter: () => void;
  readonly gallery: () => void;
  readonly help: () => void;
  readonly editor: () => void;
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly fit: () => void;
  readonly escape: () => void;
}

/** What the help overlay lists; the same keys that `handleKey` knows. */
export const keyList: readonly (readonly [
  title: string,
  rows: readonly (readonly [string, string])[],
])[] = [
  [
    'Run',
    [
      ['Ctrl/⌘ + Enter', 'Run the program'],
      ['E', 'To the editor'],
      ['Esc, then Tab', 'Leave the editor'],
    ],
  ],
  [
    'Move in time',
    [
      ['Space', 'Play or pause'],
      ['← →', 'One event back or forward'],
      ['Shift + ← →', 'One task step'],
      ['Alt + ← →', 'One turn of the loop'],
      ['Home  End', 'To the start, to the end'],
      ['[  ]', 'Slower, faster'],
    ],
  ],
  [
    'Timeline',
    [
      ['W  S', 'Zoom in, out'],
      ['A  D', 'Pan left, right'],
      ['F', 'Fit everything'],
    ],
  ],
  [
    'Look around',
    [
      ['1  2  3', 'Console, events, why'],
      ['/', 'Filter the events'],
      ['G', 'Show or hide the gallery'],
      ['?', 'These keys'],
    ],
  ],
];

/** True when the key was used. */
export function handleKey(event: KeyboardEvent, commands: KeyCommands): boolean {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === 'Enter') {
    commands.run();
    return true;
  }
  const target = event.target instanceof Element ? event.target : null;
  if (control || target?.closest('dialog') != null) return false;
  if (target !== null && typesText(target)) return false;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    // A slider moves by itself.
    if (target instanceof HTMLInputElement && !event.shiftKey && !event.altKey) return false;
    const direction = event.key === 'ArrowLeft' ? 'back' : 'forward';
    commands.step(direction, event.altKey ? 'turn' : event.shiftKey ? 'step' : 'event');
    return true;
  }
  if (event.altKey) return false;
  if (event.key === ' ') {
    if (target?.closest('button, a, summary, [role="radio"]') != null) return false;
    commands.toggle();
    return true;
  }
  const command = commandOf(event.key, commands);
  command?.();
  return command !== undefined;
}

function commandOf(key: string, commands: KeyCommands): (() => void) | undefined {
  switch (key) {
    case 'Home':
      return commands.toStart;
    case 'End':
      return commands.toEnd;
    case '[':
      return () => commands.rate(-1);
    case ']':
      return () => commands.rate(1);
    case '1':
    case '2':
    case '3':
      return () => commands.tab(Number(key) - 1);
    case '/':
      return commands.filter;
    case '?':
      return commands.help;
    case 'Escape':
      return commands.escape;
  }
  switch (key.toLowerCase()) {
    case 'g':
      return commands.gallery;
    case 'e':
      return commands.editor;
    case 'w':
      return () => commands.zoom(1.5);
    case 's':
      return () => commands.zoom(1 / 1.5);
    case 'a':
      return () => commands.pan(-0.2);
    case 'd':
      return () => commands.pan(0.2);
    case 'f':
      return commands.fit;
    default:
      return undefined;
  }
}

function typesText(target: Element): boolean {
  if (target.closest('.code') !== null) return true;
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return target.type !== 'range';
  return target instanceof HTMLElement && target.isContentEditable;
}
