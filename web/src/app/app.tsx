/** The playground's layout: three columns over the player, or one column with its parts as tabs. */
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { catalogue } from '../gallery/catalogue.js';
import type { Example } from '../gallery/examples.js';
import { Gallery } from '../gallery/gallery.js';
import { Splitter } from '../ui/splitter.js';
import { CodePane } from './code_pane.js';
import { Header } from './header.js';
import { handleKey } from './keys.js';
import { LoopPane } from './loop_pane.js';
import { Player, TabBody, TabsPane, TimelinePane } from './lower.js';
import { medium, narrow } from './media.js';
import { DropPlace, Help, LinkSheet, NoticeBar, Toast } from './overlays.js';
import type { Page, Part } from './page.js';
import { prefs, setPref } from './prefs.js';

export function App({ page }: { readonly page: Page }) {
  // Before the first frame: whoever sees the page can use its keys.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, page.keys)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
    };
  }, [page]);
  const title = page.session.example.value?.title;
  useEffect(() => {
    document.title = title === undefined ? 'Loopscope' : `${title} · Loopscope`;
  }, [title]);
  return (
    <div class="app">
      <Header page={page} />
      <NoticeBar page={page} />
      {narrow.value ? <OneColumn page={page} /> : <Columns page={page} />}
      <Help page={page} />
      <LinkSheet page={page} />
      <Toast page={page} />
      <DropPlace page={page} />
    </div>
  );
}

function GalleryPane({ page }: { readonly page: Page }) {
  const open = (example: Example) => {
    page.session.openExample(example);
    page.galleryOver.value = false;
    if (narrow.value) page.part.value = 'code';
    try {
      history.replaceState(null, '', `#example=${example.name}`);
    } catch {
      // A sandboxed frame may not change its address.
    }
  };
  return (
    <nav class="gallery-pane" aria-label="Examples">
      <Gallery
        examples={catalogue}
        current={page.session.example.value?.name ?? null}
        guest={page.session.guest.value}
        onOpen={open}
      />
    </nav>
  );
}

function Columns({ page }: { readonly page: Page }) {
  const { galleryOpen, galleryWidth, loopShare, lowerShare, tabsWidth } = prefs.value;
  const over = medium.value && page.galleryOver.value;
  return (
    <main class="columns">
      <div class="upper" style={{ flexBasis: `${100 - lowerShare}%` }}>
        {!medium.value && galleryOpen && (
          <>
            <div style={{ flex: `0 0 ${galleryWidth}px` }} class="slot">
              <GalleryPane page={page} />
            </div>
            <Splitter
              label="Width of the gallery"
              orientation="vertical"
              value={galleryWidth}
              min={180}
              max={420}
              onChange={(to) => {
                setPref('galleryWidth', to);
              }}
            />
          </>
        )}
        {over && (
          <div class="gallery-over">
            <GalleryPane page={page} />
          </div>
        )}
        <div class="slot grow">
          <CodePane page={page} />
        </div>
        <Splitter
          label="Width of the loop"
          orientation="vertical"
          value={Math.round((loopShare / 100) * innerWidth)}
          min={320}
          max={Math.round(innerWidth * 0.65)}
          direction={-1}
          onChange={(to) => {
            setPref('loopShare', (to / innerWidth) * 100);
          }}
        />
        <div class="slot" style={{ flex: `0 0 ${loopShare}%` }}>
          <LoopPane page={page} />
        </div>
      </div>
      <Splitter
        label="Height of the lower part"
        orientation="horizontal"
        value={Math.round((lowerShare / 100) * innerHeight)}
        min={180}
        max={Math.round(innerHeight * 0.7)}
        direction={-1}
        onChange={(to) => {
          setPref('lowerShare', (to / innerHeight) * 100);
        }}
      />
      <div class="lower" style={{ flexBasis: `${lowerShare}%` }}>
        <Player page={page} />
        <div class="lower-row">
          <div class="slot grow">
            <TimelinePane page={page} />
          </div>
          <Splitter
            label="Width of the details"
            orientation="vertical"
            value={tabsWidth}
            min={240}
            max={Math.round(innerWidth * 0.6)}
            direction={-1}
            onChange={(to) => {
              setPref('tabsWidth', to);
            }}
          />
          <div class="slot" style={{ flex: `0 0 ${tabsWidth}px` }}>
            <TabsPane page={page} />
          </div>
        </div>
      </div>
    </main>
  );
}

const parts: readonly (readonly [Part, string])[] = [
  ['code', 'Code'],
  ['loop', 'Loop'],
  ['timeline', 'Lanes'],
  ['console', 'Console'],
  ['events', 'Events'],
  ['why', 'Why'],
];

function OneColumn({ page }: { readonly page: Page }) {
  const part = page.part.value;
  return (
    <main class="one-column">
      {page.galleryOver.value ? (
        <GalleryPane page={page} />
      ) : (
        <>
          <div class="tabs part-tabs">
            <PartTabs page={page} />
          </div>
          <div class="part" role="tabpanel" id="part-panel" aria-labelledby={`part-${part}`}>
            {part === 'code' && <CodePane page={page} />}
            {part === 'loop' && <LoopPane page={page} />}
            {part === 'timeline' && <TimelinePane page={page} />}
            {(part === 'console' || part === 'events' || part === 'why') && (
              <section class="pane" aria-label="Details">
                <TabBody page={page} tab={part} />
              </section>
            )}
          </div>
        </>
      )}
      <Player page={page} />
    </main>
  );
}

function PartTabs({ page }: { readonly page: Page }) {
  const part = page.part.value;
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = parts.findIndex(([name]) => name === part);
    const next = parts[(at + step + parts.length) % parts.length];
    if (next === undefined) return;
    page.part.value = next[0];
    document.getElementById(`part-${next[0]}`)?.focus();
  };
  return (
    <div role="tablist" aria-label="Parts" class="tab-row" onKeyDown={move}>
      {parts.map(([name, label]) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={`part-${name}`}
          aria-selected={name === part}
          aria-controls="part-panel"
          tabIndex={name === part ? 0 : -1}
          onClick={() => {
            page.part.value = name;
            if (name === 'console' || name === 'events' || name === 'why') {
              page.session.tab.value = name;
            }
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
