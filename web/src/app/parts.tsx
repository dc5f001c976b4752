/** What the full page in one column and the embedded player have in common. */
import { useLayoutEffect } from 'preact/hooks';
import { CodePane } from './code_pane.js';
import { handleKey } from './keys.js';
import { LoopPane } from './loop_pane.js';
import { TabBody, TimelinePane } from './lower.js';
import type { Page, Part } from './page.js';

/** Before the first frame: whoever sees the page can use its keys. */
export function usePageKeys(page: Page): void {
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, page.keys)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
    };
  }, [page]);
}

export function PartView(props: {
  readonly page: Page;
  readonly part: Part;
  readonly readOnly?: boolean;
}) {
  const { page, part } = props;
  switch (part) {
    case 'code':
      return <CodePane page={page} readOnly={props.readOnly ?? false} clock />;
    case 'loop':
      return <LoopPane page={page} />;
    case 'timeline':
      return <TimelinePane page={page} />;
    case 'console':
    case 'events':
    case 'why':
      return (
        <section
          class={`pane tabs-pane${page.session.stale.value ? ' stale' : ''}`}
          aria-label="Details"
        >
          <TabBody page={page} tab={part} />
        </section>
      );
  }
}
