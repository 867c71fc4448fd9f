import { chatContents, readerMinutes } from "../schema.ts";
import { isoTime } from "./iso-time.ts";

/** A part of a message, as lists and streams select it. */
export const contentColumns = {
  id: chatContents.id,
  messageId: chatContents.messageId,
  position: chatContents.position,
  version: chatContents.version,
  text: chatContents.text,
};

/** A minute of readers, as lists and streams select it. */
export const minuteColumns = {
  id: readerMinutes.id,
  minute: isoTime(readerMinutes.minute),
  readers: readerMinutes.readers,
  version: readerMinutes.version,
};
