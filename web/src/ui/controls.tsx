/** Buttons, switches, tabs, menus and dialogs: the page's own controls, with the roles and keys of the ARIA patterns. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.js';

interface ButtonProps {
  readonly icon?: IconName;
  readonly label: string;
  /** Shows the icon only; the label is still its name. */
  readonly iconOnly?: boolean;
  readonly kind?: 'plain' | 'outlined' | 'primary';
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly class?: string;
  readonly onClick: () => void;
}

/** `keys`: its keyboard shortcut, shown in the tip and told to screen readers. */
export function Button(props: ButtonProps) {
  const { icon, label, iconOnly = false, kind = 'plain', keys, disabled, pressed } = props;
  return (
    <button
      type="button"
      class={`button ${kind}${iconOnly ? ' icon-only' : ''} ${props.class ?? ''}`}
      aria-label={iconOnly ? label : undefined}
      title={keys === undefined ? (iconOnly ? label : undefined) : `${label} (${keys})`}
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys)}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={props.onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}

function ariaKeys(keys: string): string {
  return keys.replace('Ctrl+', 'Control+').replace('←', 'ArrowLeft').replace('→', 'ArrowRight');
}

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly title?: string;
  readonly disabled?: boolean;
}

/** One of a few, all visible: a radio group that looks like a switch. Arrow keys choose. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}) {
  const root = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const open = props.choices.filter((c) => c.disabled !== true);
    const at = open.findIndex((c) => c.value === props.value);
    const next = open[(at + step + open.length) % open.length];
    if (next === undefined) return;
    props.onChange(next.value);
    root.current?.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
  };
  return (
    <div class="segmented" role="radiogroup" aria-label={props.label} ref={root} onKeyDown={move}>
      {props.choices.map((choice) => (
        <button
          type="button"
          role="radio"
          key={choice.value}
          data-value={choice.value}
          title={choice.title}
          disabled={choice.disabled}
          aria-checked={choice.value === props.value}
          tabIndex={choice.value === props.value ? 0 : -1}
          onClick={() => {
            props.onChange(choice.value);
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

interface TabChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly count?: number;
}

/** The tab list only; the panel is the caller's, with `role="tabpanel"` and the id `${id}-panel`. */
export function Tabs<T extends string>(props: {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly tabs: readonly TabChoice<T>[];
  readonly onChange: (value: T) => void;
}) {
  const root = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = props.tabs.findIndex((t) => t.value === props.value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: props.tabs.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = props.tabs[(to + props.tabs.length) % props.tabs.length];
    if (next === undefined) return;
    props.onChange(next.value);
    root.current?.querySelector<HTMLElement>(`#${props.id}-${next.value}`)?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={props.label} ref={root} onKeyDown={move} class="tab-row">
        {props.tabs.map((tab) => (
          <button
            type="button"
            role="tab"
            key={tab.value}
            id={`${props.id}-${tab.value}`}
            aria-selected={tab.value === props.value}
            aria-controls={`${props.id}-panel`}
            tabIndex={tab.value === props.value ? 0 : -1}
            onClick={() => {
              props.onChange(tab.value);
            }}
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <span class="count">{tab.count}</span>}
          </button>
        ))}
      </div>
    </div>
  );
}

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly onClick: () => void;
}

/** A button that opens a list of commands. Escape and a click elsewhere close it; `null` draws a line. */
export function Menu(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly (MenuItem | null)[];
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]:not(:disabled)')?.focus();
    const away = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true)
        setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (!open) return;
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      close();
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [
      ...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? []),
    ];
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  return (
    <div class="menu" ref={root} onKeyDown={keys}>
      <button
        type="button"
        class="button icon-only"
        aria-label={props.label}
        title={props.label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name={props.icon} />
      </button>
      {open && (
        <div class="menu-list" role="menu" id={id} aria-label={props.label}>
          {props.items.map((item, index) =>
            item === null ? (
              <hr key={index} />
            ) : (
              <button
                type="button"
                key={item.label}
                role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.checked}
                tabIndex={-1}
                disabled={item.disabled}
                onClick={() => {
                  close();
                  item.onClick();
                }}
              >
                {item.icon !== undefined && <Icon name={item.icon} />}
                <span>{item.label}</span>
                {item.checked === true && <Icon name="check" />}
                {item.hint !== undefined && <span class="hint">{item.hint}</span>}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}

/** A dialog over the page; Escape and a click outside close it. */
export function Sheet(props: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (props.open && !dialog.open) dialog.showModal();
    if (!props.open && dialog.open) dialog.close();
  }, [props.open]);
  return (
    <dialog
      class="sheet"
      ref={ref}
      aria-labelledby={id}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === ref.current) props.onClose();
      }}
    >
      {props.open && (
        <>
          <div class="sheet-head">
            <h2 id={id}>{props.title}</h2>
            <Button icon="close" label="Close" iconOnly onClick={props.onClose} />
          </div>
          <div class="sheet-body">{props.children}</div>
        </>
      )}
    </dialog>
  );
}
