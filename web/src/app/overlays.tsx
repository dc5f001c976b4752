/** What lies over the page: notices, the help, a link to copy, the place to drop a trace. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Sheet } from '../ui/controls.js';
import { keyList } from './keys.js';
import type { Page } from './page.js';

export function NoticeBar({ page }: { readonly page: Page }) {
  const notice = page.session.notice.value;
  if (notice === null) return null;
  return (
    <div class={`notice ${notice.tone}`} role={notice.tone === 'info' ? 'status' : 'alert'}>
      <p>
        <strong>{notice.title}.</strong> {notice.text}
      </p>
      <Button
        icon="close"
        label="Dismiss"
        iconOnly
        onClick={() => {
          page.session.notice.value = null;
        }}
      />
    </div>
  );
}

export function Toast({ page }: { readonly page: Page }) {
  return (
    <div class="toast-place" role="status">
      {page.toast.value !== null && <p class="toast">{page.toast.value}</p>}
    </div>
  );
}

export function Help({ page }: { readonly page: Page }) {
  return (
    <Sheet
      title="Keys"
      open={page.helpOpen.value}
      onClose={() => {
        page.helpOpen.value = false;
      }}
    >
      <div class="help">
        {keyList.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <kbd class="kbd">{keys}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="help-note">
        On the timeline a click goes to that moment, a drag pans, Ctrl + wheel zooms, and pointing
        at something says what it is. A task’s name shows that task alone.
      </p>
    </Sheet>
  );
}

export function LinkSheet({ page }: { readonly page: Page }) {
  const link = page.sharedLink.value;
  return (
    <Sheet
      title="Link to this moment"
      open={link !== null}
      onClose={() => {
        page.sharedLink.value = null;
      }}
    >
      <p class="help-note">
        This browser does not let the page use the clipboard. Copy the link from here:
      </p>
      <label class="field">
        <span class="visually-hidden">Link</span>
        <input
          readOnly
          value={link ?? ''}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
      </label>
    </Sheet>
  );
}

/** A trace file may be dropped anywhere. */
export function DropPlace({ page }: { readonly page: Page }) {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void page.openGiven(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [page]);
  return dragging ? <div class="drop-place">Drop a trace to open it</div> : null;
}
