/** What the editor began with: an example, or code that came by a link, with a trace or from a host page. */
import type { Example, Guest } from '../gallery/examples.js';

export interface Program {
  readonly example: Example | null;
  /** Replaces the example's text in its language. */
  readonly given: { readonly guest: Guest; readonly text: string; readonly title?: string } | null;
}

/** What Reset goes back to; undefined in a language that it is not written in. */
export function originalText(program: Program, guest: Guest): string | undefined {
  return program.given?.guest === guest ? program.given.text : program.example?.source[guest];
}

/** Where its draft is kept. */
export function draftSlot(program: Program, guest: Guest): string {
  const { example, given } = program;
  const name = example?.name ?? '';
  return given?.guest === guest ? `${name}/${guest}/${digest(given.text)}` : `${name}/${guest}`;
}

export function titleOf(program: Program): string {
  return program.given?.title ?? program.example?.title ?? 'A program';
}

/** Tells two texts apart, not for those who forge them. */
function digest(text: string): string {
  let a = 2166136261;
  let b = 5381;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 16777619);
    b = (Math.imul(b, 33) + unit) | 0;
  }
  return [text.length, a >>> 0, b >>> 0].map((part) => part.toString(36)).join('-');
}
