/** A list of very many rows of one height: only those in sight are in the document. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  readonly count: number;
  readonly rowHeight: number;
  /** Row to keep in sight; -1 for none. */
  readonly current: number;
  readonly class: string;
  readonly row: (index: number) => ComponentChildren;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

const extra = 6;

export function VirtualList(props: Props) {
  const { count, rowHeight, current } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [port, setPort] = useState({ top: 0, height: 300 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      setPort((old) => {
        const now = { top: element.scrollTop, height: element.clientHeight };
        return old.top === now.top && old.height === now.height ? old : now;
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || current < 0) return;
    const top = current * rowHeight;
    const { scrollTop, clientHeight } = element;
    if (top < scrollTop || top + rowHeight > scrollTop + clientHeight) {
      element.scrollTop = Math.max(0, top - clientHeight / 2);
    }
  }, [current, rowHeight]);
  const first = Math.max(0, Math.floor(port.top / rowHeight) - extra);
  const last = Math.min(count, Math.ceil((port.top + port.height) / rowHeight) + extra);
  const rows: ComponentChildren[] = [];
  for (let index = first; index < last; index++) rows.push(props.row(index));
  return (
    <div
      class={`virtual scroll ${props.class}`}
      ref={scroller}
      tabIndex={0}
      onKeyDown={props.onKeyDown}
      {...props.attributes}
    >
      <div role="presentation" style={{ height: `${count * rowHeight}px`, position: 'relative' }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
