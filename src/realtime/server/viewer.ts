/** The user of a verified session. Extend it with the fields your rules need. */
export interface Viewer {
  readonly id: string;
  /** Rate limits count per session id, or per viewer id without one. */
  readonly sessionId?: string;
}

/** The session id, or the viewer id without one, by which limits count. */
export function sessionOf({ id, sessionId }: Viewer): string {
  return sessionId ?? id;
}
