/** The text area with highlighted code under it: no download, works on touch screens; Tab moves on, as in any form. */
import type { CodeEditor, EditorOptions, Language, Mark, Problem } from './editor.js';
import { highlight } from './highlight.js';
import { lineClass, markText, sameMarks } from './marks.js';

export function createPlainEditor(host: HTMLElement, options: EditorOptions): CodeEditor {
  return new PlainEditor(host, options);
}

class PlainEditor implements CodeEditor {
  private readonly root = element('div', 'plain-editor scroll');
  private readonly lines = element('div', 'plain-lines');
  private readonly input = document.createElement('textarea');
  private language: Language;
  private marks: readonly Mark[] = [];
  private problems: readonly Problem[] = [];

  constructor(
    host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    this.language = options.language;
    const sheet = element('div', 'plain-sheet');
    this.lines.setAttribute('aria-hidden', 'true');
    this.input.className = 'plain-input';
    this.input.spellcheck = false;
    this.input.autocapitalize = 'off';
    this.input.setAttribute('autocomplete', 'off');
    this.input.setAttribute('autocorrect', 'off');
    this.input.setAttribute('aria-label', options.label);
    this.input.readOnly = options.readOnly;
    this.input.value = options.value;
    sheet.append(this.lines, this.input);
    this.root.append(sheet);
    host.append(this.root);
    this.input.addEventListener('input', this.changed);
    this.input.addEventListener('keydown', this.key);
    this.paint();
  }

  private readonly changed = () => {
    this.marks = [];
    this.paint();
    this.options.onChange(this.input.value);
  };

  private readonly key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.options.onRun();
    } else if (!event.shiftKey && !this.input.readOnly) {
      const before = this.input.value.slice(0, this.input.selectionStart);
      const line = before.slice(before.lastIndexOf('\n') + 1);
      const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
      const deeper = /[{(:[]\s*$/.test(line) ? (this.language === 'cpp' ? '  ' : '    ') : '';
      if (indent + deeper === '') return;
      event.preventDefault();
      this.input.setRangeText(
        `\n${indent}${deeper}`,
        this.input.selectionStart,
        this.input.selectionEnd,
        'end',
      );
      this.changed();
    }
  };

  private paint(): void {
    const rows = highlight(this.input.value, this.language).map((tokens, index) => {
      const row = element('div', 'plain-line');
      const number = index + 1;
      const code = element('span', 'plain-code');
      for (const token of tokens) {
        if (token.kind === 'plain') code.append(token.text);
        else code.append(element('span', `code-${token.kind}`, token.text));
      }
      if (tokens.length === 0) code.append('\u200b');
      const problem = this.problems.find((p) => p.startLine <= number && number <= p.endLine);
      if (problem !== undefined) {
        row.classList.add(problem.severity);
        row.title = problem.message;
      }
      const label = element('span', 'plain-number', String(number));
      row.append(label, code);
      const here = this.marks.filter((mark) => mark.line === number);
      if (here.length > 0) {
        const pills = element('span', 'plain-marks');
        for (const mark of here) {
          const pill = element(
            'span',
            `mark hue-${String(mark.hue)} ${mark.state}`,
            markText(mark),
          );
          pill.dataset['short'] = /\d+$/.exec(mark.name)?.[0] ?? mark.name.slice(0, 2);
          pills.append(pill);
        }
        row.append(pills);
        row.classList.add(lineClass(here, number));
      }
      return row;
    });
    this.lines.replaceChildren(...rows);
  }

  getValue(): string {
    return this.input.value;
  }
  setValue(value: string, language: Language): void {
    this.language = language;
    this.input.value = value;
    this.marks = [];
    this.problems = [];
    this.paint();
    this.root.scrollTo(0, 0);
  }
  setReadOnly(readOnly: boolean): void {
    this.input.readOnly = readOnly;
  }
  setMarks(marks: readonly Mark[]): void {
    if (sameMarks(this.marks, marks)) return;
    this.marks = marks;
    this.paint();
  }
  setProblems(problems: readonly Problem[]): void {
    this.problems = problems;
    this.paint();
  }
  reveal(line: number): void {
    const row = this.lines.children[line - 1];
    if (!(row instanceof HTMLElement)) return;
    const top = row.offsetTop;
    const { scrollTop, clientHeight } = this.root;
    if (top < scrollTop + 8 || top + row.offsetHeight > scrollTop + clientHeight - 8) {
      this.root.scrollTo({ top: top - clientHeight / 2 });
    }
  }
  goTo(line: number, column: number): void {
    const before = this.input.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    this.input.focus();
    this.input.setSelectionRange(at, at);
    this.reveal(line);
  }
  focus(): void {
    this.input.focus();
  }
  hasFocus(): boolean {
    return document.activeElement === this.input;
  }
  dispose(): void {
    this.root.remove();
  }
}

function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
