/** The page's own icons: 16 units, one stroke width. Decorative; the control that holds one has the label. */
import type { JSX } from 'preact';

const paths = {
  run: (
    <path
      class="solid"
      d="M4.2 2.6v10.8c0 .6.7 1 1.2.7l8-5.4a.8.8 0 0 0 0-1.4l-8-5.4c-.5-.3-1.2 0-1.2.7Z"
    />
  ),
  pause: (
    <>
      <rect class="solid" x="3.4" y="2.6" width="3.2" height="10.8" rx="1" />
      <rect class="solid" x="9.4" y="2.6" width="3.2" height="10.8" rx="1" />
    </>
  ),
  stop: <rect class="solid" x="3.2" y="3.2" width="9.6" height="9.6" rx="1.8" />,
  reset: <path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.4v2.9h2.9" />,
  undo: <path d="M3.2 6.2h6.3a3.6 3.6 0 0 1 0 7.2H6M5.8 3.4 3 6.2l2.8 2.8" />,
  share: <path d="M8 10V2.2M5.2 4.8 8 2l2.8 2.8M4 7.5H3v6.2h10V7.5h-1" />,
  more: (
    <>
      <circle class="solid" cx="3.2" cy="8" r="1.3" />
      <circle class="solid" cx="8" cy="8" r="1.3" />
      <circle class="solid" cx="12.8" cy="8" r="1.3" />
    </>
  ),
  open: <path d="M2 12.6V3.4h4l1.4 1.8H14v7.4H2Z" />,
  download: <path d="M8 2.2V10M5.2 7.4 8 10.2l2.8-2.8M2.8 13.4h10.4" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.9" />
      <path d="M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1" />
    </>
  ),
  moon: <path d="M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z" />,
  auto: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path class="solid" d="M8 2.4a5.6 5.6 0 0 1 0 11.2Z" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.3v.1" />
    </>
  ),
  gallery: (
    <>
      <rect x="2" y="2.6" width="12" height="10.8" rx="1.8" />
      <path d="M6.2 2.6v10.8" />
    </>
  ),
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  first: <path d="M3.4 3v10M12.6 3.4 6.4 8l6.2 4.6V3.4Z" />,
  last: <path d="M12.6 3v10M3.4 3.4 9.6 8l-6.2 4.6V3.4Z" />,
  back: <path d="M10.2 3.4 5 8l5.2 4.6" />,
  forward: <path d="M5.8 3.4 11 8l-5.2 4.6" />,
  backTask: <path d="M7.8 3.4 2.8 8l5 4.6M13 3.4 8 8l5 4.6" />,
  forwardTask: <path d="M8.2 3.4 13.2 8l-5 4.6M3 3.4 8 8l-5 4.6" />,
  backTurn: <path d="M6.6 5 3.4 8l3.2 3M3.6 8h5a4 4 0 1 0-4-4" />,
  forwardTurn: <path d="m9.4 5 3.2 3-3.2 3M12.4 8h-5a4 4 0 1 1 4-4" />,
  zoomIn: <path d="M8 3.4v9.2M3.4 8h9.2" />,
  zoomOut: <path d="M3.4 8h9.2" />,
  fit: <path d="M2.4 8h11.2M4.8 5.4 2.2 8l2.6 2.6M11.2 5.4 13.8 8l-2.6 2.6" />,
  check: <path d="m3.2 8.4 3.2 3.2 6.4-7" />,
  external: <path d="M9 2.6h4.4V7M13.2 2.8 7.6 8.4M11.4 9.4v4H2.6V4.6h4" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {paths[name]}
    </svg>
  );
}

/** The mark: a loop with the moment that is being looked at. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg
      class="logo"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="16" cy="16" r="10.5" fill="none" stroke="currentColor" stroke-width="4" />
      <path d="M12 2.2 18.2 5.6 12 9Z" fill="currentColor" />
      <circle
        cx="23.6"
        cy="23.2"
        r="6.4"
        fill="var(--now)"
        stroke="var(--panel)"
        stroke-width="2"
      />
    </svg>
  );
}
