/**
 * Monaco behind the page's editor interface; only its core, C++ and Python, and only the features that short programs
 * need. Imported on demand: it weighs more than the rest of the page.
 *
 * Tab: who came in by Tab leaves by Tab; after the first typed letter (or a click) Tab indents, and Escape gives it back.
 */
import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/caretOperations/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/cursorUndo/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/lineSelection/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/features/codicon/register.js';
import * as cpp from 'monaco-editor/languages/definitions/cpp/cpp.js';
import * as python from 'monaco-editor/languages/definitions/python/python.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import type { CodeEditor, EditorOptions, Language, Mark, Problem } from './editor.js';
import { lineClass, markText, sameMarks } from './marks.js';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

// Here and now: Monaco's own registration loads a language when it is first shown, when the connection may be gone.
for (const [id, { conf, language }] of Object.entries({ cpp, python })) {
  monaco.languages.register({ id });
  monaco.languages.setLanguageConfiguration(id, conf);
  monaco.languages.setMonarchTokensProvider(id, language);
}

const owner = 'loopscope';

/** How Monaco looks and behaves here: calm, without what serves only large code bases. */
const look: monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions = {
  theme: 'loopscope',
  automaticLayout: true,
  fontSize: 12.5,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  glyphMargin: false,
  folding: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 12,
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  renderLineHighlight: 'none',
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  guides: { indentation: false },
  padding: { top: 10, bottom: 10 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  stickyScroll: { enabled: false },
  // The tasks stand after the code: they are in sight on long lines, too.
  wordWrap: 'on',
  wrappingIndent: 'deepIndent',
  quickSuggestions: false,
  unicodeHighlight: { ambiguousCharacters: false },
  fixedOverflowWidgets: true,
  tabFocusMode: true,
};

/** Throws where Monaco does not start; the host is then as it was. */
export function createMonacoEditor(host: HTMLElement, options: EditorOptions): CodeEditor {
  const before = [...host.children];
  try {
    return new MonacoEditor(host, options);
  } catch (error) {
    host.replaceChildren(...before);
    throw error;
  }
}

/** Monaco takes plain hexadecimal colours: its themes are made from the page's own tokens each time these change. */
function applyTheme(): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => hexadecimal(style.getPropertyValue(`--${name}`).trim());
  const dark = document.documentElement.dataset['theme'] === 'dark';
  const rule = (scope: string, name: string, fontStyle?: string) => ({
    token: scope,
    foreground: token(name).replace('#', ''),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  });
  monaco.editor.defineTheme('loopscope', {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('', 'ink'),
      rule('identifier', 'ink'),
      rule('delimiter', 'ink-2'),
      rule('keyword', 'code-keyword'),
      rule('keyword.directive', 'code-directive'),
      rule('type', 'code-type'),
      rule('string', 'code-string'),
      rule('number', 'code-number'),
      rule('comment', 'code-comment'),
      rule('annotation', 'code-directive'),
    ],
    colors: {
      // Brackets in colours of their own would look like tasks.
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((depth) => [
          `editorBracketHighlight.foreground${depth}`,
          token('ink-2'),
        ]),
      ),
      'editor.background': token('panel'),
      'editor.foreground': token('ink'),
      'editorLineNumber.foreground': token('ink-3'),
      'editorLineNumber.activeForeground': token('ink'),
      'editorCursor.foreground': token('ink'),
      'editor.lineHighlightBackground': '#00000000',
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': `${token('focus')}33`,
      'editorIndentGuide.background1': token('line'),
      'editorWidget.background': token('panel'),
      'editorWidget.border': token('line'),
      'editorHoverWidget.background': token('panel'),
      'editorHoverWidget.border': token('line'),
      'editorError.foreground': token('bad'),
      'editorWarning.foreground': token('warn'),
      focusBorder: token('focus'),
      'scrollbarSlider.background': `${token('line-strong')}40`,
    },
  });
  monaco.editor.setTheme('loopscope');
}

/** `#fff`, `white` and the like as `#ffffff`: a canvas writes every opaque colour that way. */
function hexadecimal(colour: string): string {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return colour;
  context.fillStyle = colour;
  return context.fillStyle;
}

class MonacoEditor implements CodeEditor {
  private readonly root = document.createElement('div');
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly model: monaco.editor.ITextModel;
  private readonly decorations: monaco.editor.IEditorDecorationsCollection;
  private readonly themeWatch: MutationObserver;
  private marks: readonly Mark[] = [];
  /** True while the page itself changes the text. */
  private silent = false;

  constructor(host: HTMLElement, options: EditorOptions) {
    this.root.className = 'monaco-host';
    host.append(this.root);
    applyTheme();
    this.themeWatch = new MutationObserver(applyTheme);
    this.themeWatch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.model = monaco.editor.createModel(options.value, options.language);
    this.model.updateOptions({ tabSize: options.language === 'cpp' ? 2 : 4 });
    this.editor = monaco.editor.create(this.root, {
      model: this.model,
      ariaLabel: options.label,
      readOnly: options.readOnly,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      ...look,
    });
    this.decorations = this.editor.createDecorationsCollection();
    this.model.onDidChangeContent(() => {
      if (this.silent) return;
      this.setMarks([]);
      this.editor.updateOptions({ tabFocusMode: false });
      options.onChange(this.model.getValue());
    });
    this.editor.onMouseDown(() => {
      this.editor.updateOptions({ tabFocusMode: false });
    });
    this.editor.onDidBlurEditorWidget(() => {
      this.editor.updateOptions({ tabFocusMode: true });
    });
    this.editor.onKeyDown((event) => {
      if (event.keyCode === monaco.KeyCode.Escape) {
        this.editor.updateOptions({ tabFocusMode: true });
      }
    });
    this.editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, options.onRun);
  }

  getValue(): string {
    return this.model.getValue();
  }
  setValue(value: string, language: Language): void {
    this.silent = true;
    monaco.editor.setModelLanguage(this.model, language);
    this.model.updateOptions({ tabSize: language === 'cpp' ? 2 : 4 });
    if (this.model.getValue() !== value) this.model.setValue(value);
    this.silent = false;
    this.setProblems([]);
    this.setMarks([]);
    this.editor.setScrollTop(0);
  }
  setReadOnly(readOnly: boolean): void {
    this.editor.updateOptions({ readOnly });
  }
  setMarks(marks: readonly Mark[]): void {
    if (sameMarks(this.marks, marks)) return;
    this.marks = marks;
    const lines = this.model.getLineCount();
    const made: monaco.editor.IModelDeltaDecoration[] = [];
    for (const mark of marks) {
      if (mark.line > lines) continue;
      const end = this.model.getLineMaxColumn(mark.line);
      made.push({
        range: new monaco.Range(mark.line, end, mark.line, end),
        options: {
          showIfCollapsed: true,
          after: {
            content: `\u2002${markText(mark)}\u2002`,
            inlineClassName: `mark hue-${String(mark.hue)} ${mark.state}`,
            inlineClassNameAffectsLetterSpacing: true,
            cursorStops: monaco.editor.InjectedTextCursorStops.None,
          },
          hoverMessage: { value: mark.title },
        },
      });
    }
    for (const line of new Set(marks.filter((m) => m.line <= lines).map((mark) => mark.line))) {
      made.push({
        range: new monaco.Range(line, 1, line, 1),
        options: { isWholeLine: true, className: lineClass(marks, line) },
      });
    }
    this.decorations.set(made);
  }
  setProblems(problems: readonly Problem[]): void {
    monaco.editor.setModelMarkers(
      this.model,
      owner,
      problems.map((problem) => ({
        severity:
          problem.severity === 'error'
            ? monaco.MarkerSeverity.Error
            : monaco.MarkerSeverity.Warning,
        message: problem.message,
        startLineNumber: problem.startLine,
        startColumn: problem.startColumn,
        endLineNumber: problem.endLine,
        endColumn: problem.endColumn,
      })),
    );
  }
  reveal(line: number): void {
    if (line <= this.model.getLineCount()) {
      this.editor.revealLineInCenterIfOutsideViewport(line, monaco.editor.ScrollType.Immediate);
    }
  }
  goTo(line: number, column: number): void {
    this.editor.setPosition({ lineNumber: line, column });
    this.editor.revealLineInCenterIfOutsideViewport(line);
    this.editor.focus();
  }
  focus(): void {
    this.editor.focus();
  }
  hasFocus(): boolean {
    return this.editor.hasWidgetFocus();
  }
  dispose(): void {
    this.themeWatch.disconnect();
    this.editor.dispose();
    this.model.dispose();
    this.root.remove();
  }
}
