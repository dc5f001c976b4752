/** The editor pane: the plain editor at once, Monaco in its place as soon as it is here (never on touch screens). */
import { useEffect, useRef } from 'preact/hooks';
import type { CodeEditor, Language, Mark, Problem } from './editor.js';
import { createPlainEditor } from './plain.js';
import './editor.css';

export interface CodeHandle {
  reveal(line: number): void;
  goTo(line: number, column: number): void;
  focus(): void;
}

export function Code(props: {
  readonly value: string;
  /** Changes when `value` was changed by anything but this editor, which then takes it over. */
  readonly revision: number;
  readonly language: Language;
  readonly readOnly: boolean;
  readonly label: string;
  readonly marks: readonly Mark[];
  readonly problems: readonly Problem[];
  /** False keeps the plain editor. */
  readonly rich: boolean;
  /** The line to keep in sight, if any. */
  readonly follow: number | null;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
  readonly onReady?: (editor: CodeHandle) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = () => ({
      value: editor.current?.getValue() ?? latest.current.value,
      language: latest.current.language,
      readOnly: latest.current.readOnly,
      label: latest.current.label,
      onChange: (value: string) => {
        latest.current.onChange(value);
      },
      onRun: () => {
        latest.current.onRun();
      },
    });
    editor.current = createPlainEditor(element, options());
    let gone = false;
    if (props.rich) {
      void import('./monaco.js')
        .then(({ createMonacoEditor }) => {
          if (gone) return;
          const plain = editor.current;
          const focused = plain?.hasFocus() ?? false;
          const rich = createMonacoEditor(element, options());
          plain?.dispose();
          editor.current = rich;
          rich.setMarks(latest.current.marks);
          rich.setProblems(latest.current.problems);
          if (focused) rich.focus();
        })
        .catch((reason: unknown) => {
          // It did not load (offline, blocked) or did not start: the plain editor stays, and does all that is needed.
          console.warn('The full editor is not available.', reason);
        });
    }
    props.onReady?.({
      reveal: (line) => editor.current?.reveal(line),
      goTo: (line, column) => editor.current?.goTo(line, column),
      focus: () => editor.current?.focus(),
    });
    return () => {
      gone = true;
      editor.current?.dispose();
      editor.current = null;
    };
    // The editor is made once; everything else reaches it through the effects below.
  }, [props.rich]);

  useEffect(() => {
    const { value, language } = latest.current;
    editor.current?.setValue(value, language);
  }, [props.revision]);
  useEffect(() => {
    editor.current?.setReadOnly(props.readOnly);
  }, [props.readOnly]);
  useEffect(() => {
    editor.current?.setMarks(props.marks);
  }, [props.marks]);
  useEffect(() => {
    editor.current?.setProblems(props.problems);
  }, [props.problems]);
  useEffect(() => {
    if (props.follow !== null && editor.current?.hasFocus() !== true) {
      editor.current?.reveal(props.follow);
    }
  }, [props.follow]);

  return <div class="code" ref={host} />;
}
