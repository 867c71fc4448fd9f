/** The announcement in force. */
export interface Announcement {
  readonly id: string;
  readonly text: string;
  /** Time until its end when it was read or sent, so that clocks of servers and browsers need not agree. */
  readonly leftMs: number;
}
