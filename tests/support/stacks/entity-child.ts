import { startChatServer } from "./entity-server.ts";

/** A process that serves chats. Its argument is the URL of the database. It answers each message with its state. */
const [readerUrl = ""] = process.argv.slice(2);
const { state } = await startChatServer(readerUrl);
process.on("message", () => process.send?.(state()));
process.on("disconnect", () => process.exit());
process.send?.(state());
