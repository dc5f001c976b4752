/** The playground's layout: three columns over the player, or one column with its parts as tabs. */
import { useEffect } from 'preact/hooks';
import { blankProgram } from '../gallery/blank.js';
import { catalogue } from '../gallery/catalogue.js';
import type { Example } from '../gallery/examples.js';
import { Gallery } from '../gallery/gallery.js';
import { Tabs } from '../ui/controls.js';
import { Splitter } from '../ui/splitter.js';
import { CodePane } from './code_pane.js';
import { Header } from './header.js';
import { LoopPane } from './loop_pane.js';
import { Player, TabsPane, TimelinePane } from './lower.js';
import { medium, narrow, tall } from './media.js';
import { DropPlace, Help, LinkSheet, NoticeBar, Toast } from './overlays.js';
import { partNames, type Page, type Part } from './page.js';
import { PartView, usePageKeys } from './parts.js';

export function App({ page }: { readonly page: Page }) {
  usePageKeys(page);
  const title = page.session.title.value;
  useEffect(() => {
    document.title = `${title} · Loopscope`;
  }, [title]);
  return (
    <div
      class="app"
      ref={(element) => {
        page.root = element;
      }}
    >
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

const gallery = [blankProgram, ...catalogue];

function GalleryPane({ page }: { readonly page: Page }) {
  const open = (example: Example) => {
    page.openExample(example);
    page.galleryOver.value = false;
    if (narrow.value) page.part.value = 'code';
  };
  return (
    <nav class="gallery-pane" aria-label="Examples">
      <Gallery
        examples={gallery}
        current={page.session.example.value?.name ?? null}
        guest={page.session.guest.value}
        onOpen={open}
      />
    </nav>
  );
}

function Columns({ page }: { readonly page: Page }) {
  const { galleryOpen, galleryWidth, loopShare, lowerShare } = page.prefs.value;
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
                page.prefs.set('galleryWidth', to);
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
            page.prefs.set('loopShare', (to / innerWidth) * 100);
          }}
        />
        <div class="slot" style={{ flex: `0 0 ${loopShare}%` }}>
          {tall.value ? <LoopOverDetails page={page} /> : <LoopPane page={page} />}
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
          page.prefs.set('lowerShare', (to / innerHeight) * 100);
        }}
      />
      <div class="lower" style={{ flexBasis: `${lowerShare}%` }}>
        <Player page={page} />
        {tall.value ? (
          <div class="lower-row">
            <div class="slot grow">
              <TimelinePane page={page} />
            </div>
          </div>
        ) : (
          <TimelineBesideDetails page={page} />
        )}
      </div>
    </main>
  );
}

function LoopOverDetails({ page }: { readonly page: Page }) {
  const { tabsShare } = page.prefs.value;
  return (
    <div class="stack">
      <div class="slot grow">
        <LoopPane page={page} />
      </div>
      <Splitter
        label="Height of the details"
        orientation="horizontal"
        value={Math.round((tabsShare / 100) * innerHeight)}
        min={90}
        max={Math.round(innerHeight * 0.5)}
        direction={-1}
        onChange={(to) => {
          page.prefs.set('tabsShare', (to / innerHeight) * 100);
        }}
      />
      <div class="slot" style={{ flex: `0 0 ${tabsShare}vh` }}>
        <TabsPane page={page} />
      </div>
    </div>
  );
}

function TimelineBesideDetails({ page }: { readonly page: Page }) {
  const { tabsWidth } = page.prefs.value;
  return (
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
          page.prefs.set('tabsWidth', to);
        }}
      />
      <div class="slot" style={{ flex: `0 0 ${tabsWidth}px` }}>
        <TabsPane page={page} />
      </div>
    </div>
  );
}

const parts = Object.entries(partNames).map(([value, label]) => ({ value: value as Part, label }));

function OneColumn({ page }: { readonly page: Page }) {
  const part = page.part.value;
  return (
    <main class="one-column">
      {page.galleryOver.value ? (
        <GalleryPane page={page} />
      ) : (
        <>
          <div class="part-tabs">
            <Tabs<Part>
              id="part"
              label="Parts"
              value={part}
              tabs={parts}
              onChange={page.showPart}
            />
          </div>
          <div class="part" role="tabpanel" id="part-panel" aria-labelledby={`part-${part}`}>
            <PartView page={page} part={part} />
          </div>
        </>
      )}
      <Player page={page} asks />
    </main>
  );
}
