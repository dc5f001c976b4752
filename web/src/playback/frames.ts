/** The beat of playback. The only place in the page that asks for animation frames. */

export interface Frames {
  /** Calls back once, before the next frame, with a time in ms that never runs backwards. */
  request(callback: (now: number) => void): number;
  cancel(request: number): void;
}

export const browserFrames: Frames = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (request) => {
    cancelAnimationFrame(request);
  },
};
