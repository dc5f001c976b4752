/**
 * `<loopscope-embed example="gather" height="480">fallback</loopscope-embed>`: the player in a frame, in any page.
 *
 * What stands inside the element stays readable until the player answers, and for good if it never does. Attributes:
 * example, guest, theme, readonly, clock, autorun, t, panels (see options.ts), height in pixels, frame-title, sandbox,
 * src (where embed.html lies; by default beside this script). Of these theme may change later. Commands may be given at any
 * time: the player gets them in their order once it is there. Events: loopscope-ready, loopscope-position, loopscope-end.
 * Depends on nothing.
 */
import type { HostMessage, PlayerMessage } from './messages.js';

const passedOn = ['example', 'guest', 'theme', 'readonly', 'clock', 'autorun', 't', 'panels'];
const here = new URL('.', import.meta.url).href;
const usualSandbox = 'allow-scripts allow-same-origin allow-popups allow-downloads';
/** Ping often at first, then rarely: a frame far down the page loads late. */
const pingEvery = (tries: number) => (tries < 40 ? 100 : 1000);

/** A command without its tag; `send` adds it. */
type Untagged<T> = T extends unknown ? Omit<T, 'loopscope'> : never;

export class LoopscopeEmbed extends HTMLElement {
  static readonly observedAttributes = ['theme'];

  #frame: HTMLIFrameElement | null = null;
  #timer = 0;
  #ready = false;
  #height = 480;
  /** Where the player lies; `*` where its frame has no origin of its own. */
  #target = '*';
  /** Commands from before the player was there. */
  #early: Untagged<HostMessage>[] = [];

  connectedCallback(): void {
    if (this.#frame !== null) return;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#height = Number(this.getAttribute('height') ?? 480) || 480;
    const frame = document.createElement('iframe');
    frame.title =
      this.getAttribute('frame-title') ?? `Loopscope: ${this.getAttribute('example') ?? 'example'}`;
    const sandbox = this.getAttribute('sandbox') ?? usualSandbox;
    frame.setAttribute('sandbox', sandbox);
    frame.setAttribute('allow', 'clipboard-write');
    frame.loading = 'lazy';
    const address = this.#address();
    frame.src = address.href;
    const ownOrigin = sandbox.includes('allow-same-origin') && address.origin !== 'null';
    this.#target = ownOrigin ? address.origin : '*';
    // Beside the fallback, not instead of it, and already in the layout, so that lazy loading sees it coming.
    frame.style.cssText =
      'display:block;width:100%;box-sizing:border-box;height:1px;border:1px solid #8885;opacity:0;border-radius:8px;color-scheme:normal';
    const style = document.createElement('style');
    style.textContent = ':host{display:block}';
    shadow.replaceChildren(style, document.createElement('slot'), frame);
    this.#frame = frame;
    addEventListener('message', this.#heard);
    this.#ping(0);
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.#heard);
    clearTimeout(this.#timer);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
  }

  attributeChangedCallback(_name: string, _before: string | null, theme: string | null): void {
    // The first one is in the frame's address.
    if (this.#frame === null) return;
    const known = theme === 'light' || theme === 'dark' ? theme : 'auto';
    this.send({ type: 'theme', theme: known });
  }

  /** True once the player is there. */
  get ready(): boolean {
    return this.#ready;
  }
  run(): void {
    this.send({ type: 'run' });
  }
  stop(): void {
    this.send({ type: 'stop' });
  }
  seek(event: number): void {
    this.send({ type: 'seek', event });
  }
  open(code: string, guest: 'cpp' | 'python' = 'cpp'): void {
    this.send({ type: 'open', code, guest });
  }
  send(message: Untagged<HostMessage>): void {
    if (this.#ready) this.#post(message);
    else this.#early.push(message);
  }

  #post(message: Untagged<HostMessage>): void {
    this.#frame?.contentWindow?.postMessage({ loopscope: 1, ...message }, this.#target);
  }

  #address(): URL {
    const query = new URLSearchParams();
    for (const name of passedOn) {
      const value = this.getAttribute(name);
      if (value !== null) query.set(name, value === '' ? '1' : value);
    }
    const address = new URL(
      this.getAttribute('src') ?? new URL('embed.html', here).href,
      document.baseURI,
    );
    address.search = query.toString();
    return address;
  }

  #ping(tries: number): void {
    if (this.#ready) return;
    this.#post({ type: 'ping' });
    this.#timer = window.setTimeout(() => {
      this.#ping(tries + 1);
    }, pingEvery(tries));
  }

  readonly #heard = (event: MessageEvent<Partial<PlayerMessage> | null>) => {
    if (event.source !== this.#frame?.contentWindow || event.data?.loopscope !== 1) return;
    const message = event.data as PlayerMessage;
    if (message.type === 'pong') this.#show();
    else this.dispatchEvent(new CustomEvent(`loopscope-${message.type}`, { detail: message }));
  };

  #show(): void {
    if (this.#ready || this.#frame === null) return;
    this.#ready = true;
    clearTimeout(this.#timer);
    this.#frame.style.height = `${this.#height}px`;
    this.#frame.style.opacity = '1';
    const slot = this.shadowRoot?.querySelector('slot');
    if (slot != null) slot.hidden = true;
    this.dispatchEvent(new CustomEvent('loopscope-ready'));
    for (const message of this.#early.splice(0)) this.#post(message);
  }
}

if (customElements.get('loopscope-embed') === undefined) {
  customElements.define('loopscope-embed', LoopscopeEmbed);
}
