import { channel, defineChannels } from "../../src/realtime/protocol/channel.ts";
import { ids } from "../../src/realtime/protocol/ids.ts";

/** One chat whose answer is written token by token. */
export const chatChannels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.token", ids("tokenId")),
});

export interface Token {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

export const chat = chatChannels.chat({ chatId: "1" });
export const wireName = `private-${chat.name}.e0`;
