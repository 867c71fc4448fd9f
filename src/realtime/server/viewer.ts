/** Whoever holds a verified session. Extend it with what your rules need. */
export interface Viewer {
  readonly id: string;
  /** Limits count per session where there is one, else per viewer. */
  readonly sessionId?: string;
}
