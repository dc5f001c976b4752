/**
 * What the page needs from a code editor. Two keep it: `plain.ts` (a highlighted text area: there at once, and on touch
 * screens) and `monaco.ts` (loaded later). Lines and columns count from 1.
 */

export type Language = 'cpp' | 'python';

/** One task, or the program outside of any, on the line where it is. */
export interface Mark {
  readonly line: number;
  /** Number of the task's colour, 1 to 8; 0 for none. */
  readonly hue: number;
  readonly name: string;
  /** Shape as well as colour says the state. */
  readonly state:
    | 'running'
    /** Running, somewhere after this line. */
    | 'past'
    | 'ready'
    | 'waiting';
  /** A sentence: what the task does there. */
  readonly title: string;
}

export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface EditorOptions {
  readonly value: string;
  readonly language: Language;
  readonly readOnly: boolean;
  /** Accessible name. */
  readonly label: string;
  readonly onChange: (value: string) => void;
  /** Ctrl/Cmd+Enter. */
  readonly onRun: () => void;
}

export interface CodeEditor {
  getValue(): string;
  /** Replaces the text without calling `onChange`. */
  setValue(value: string, language: Language): void;
  setReadOnly(readOnly: boolean): void;
  setMarks(marks: readonly Mark[]): void;
  setProblems(problems: readonly Problem[]): void;
  /** Scrolls the line into sight without moving the cursor. */
  reveal(line: number): void;
  /** Moves the cursor there and focuses. */
  goTo(line: number, column: number): void;
  focus(): void;
  hasFocus(): boolean;
  dispose(): void;
}
