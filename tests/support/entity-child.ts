import { startChatServer } from "./entity-server.ts";

/** A process that serves chats: its argument is the URL of the database. It sends its state when it is asked. */
const [readerUrl = ""] = process.argv.slice(2);
const { state } = await startChatServer(readerUrl);
process.on("message", () => process.send?.(state()));
process.on("disconnect", () => process.exit());
process.send?.(state());
