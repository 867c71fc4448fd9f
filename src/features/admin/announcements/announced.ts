/** The message that shows an announcement on open pages. */
export const announced = (row: {
  readonly id: string;
  readonly text: string;
  readonly endsAt: Date;
}) =>
  ({
    type: "maintenance.announced",
    fields: { announcementId: row.id, text: row.text, endsAtMs: row.endsAt.getTime() },
  }) as const;
