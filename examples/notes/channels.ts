import { channel, defineChannels, ids } from "querycast";

export const channels = defineChannels({
  board: channel("board.{boardId}").signal("note.added", ids("noteId")),
});
