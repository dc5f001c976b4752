/** Where a person types what the program asked for with input(). */
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Page } from './page.js';

export function InputLine({ page }: { readonly page: Page }) {
  const { asked } = page.session;
  const prompt = asked.value;
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (prompt !== null) field.current?.focus();
  }, [prompt]);
  if (prompt === null) return null;
  return (
    <form
      class="input-line"
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value ?? '';
        const { answers, trace } = page.session;
        answers.value = [...answers.value, { position: trace.value?.store.length ?? 0, text }];
        page.runner.answer(text);
      }}
    >
      <label class="input-prompt ellipsis" for={id}>
        {prompt === '' ? 'The program waits for a line' : prompt}
      </label>
      <span class="field input-field">
        <input
          ref={field}
          id={id}
          class="mono"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
      </span>
      <button type="submit" class="button primary">
        Enter
      </button>
    </form>
  );
}
