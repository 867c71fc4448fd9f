import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the model does next: a piece of text, a call of a tool, waiting for a promise, or breaking off. */
export type ModelMove =
  | string
  | { readonly tool: string; readonly input: unknown }
  | { readonly wait: Promise<unknown> }
  | "break off";

export interface ModelRequest {
  readonly path: string;
  /** The whole request, with prompt and tool results. */
  readonly body: string;
  /** Resolves when the connection of the answer ends before the answer. */
  readonly cancelled: Promise<void>;
}

export interface ModelServer {
  /** Base URL for `openai-compatible`. */
  readonly openAi: string;
  /** Base URL for `anthropic`. */
  readonly anthropic: string;
  readonly requests: readonly ModelRequest[];
  readonly close: () => Promise<void>;
}

/**
 * A local endpoint that speaks the streaming protocols of OpenAI's chat completions and of Anthropic's messages, with
 * the answers of a script.
 *
 * @param script returns the moves for a request, the first one with index 0; or the status of a refusal
 * @param port default: any free one
 */
export async function startModelServer(
  script: (request: ModelRequest, index: number) => readonly ModelMove[] | number,
  port = 0,
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch(() => response.destroy());
  });
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    const cancelled = new Promise<void>((resolve) => {
      response.on("close", () => {
        if (!response.writableEnded) resolve();
      });
    });
    const request = { path: incoming.url ?? "", body, cancelled };
    const moves = script(request, requests.push(request) - 1);
    if (typeof moves === "number") {
      response.writeHead(moves, { "content-type": "application/json" }).end('{"error":{}}');
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    await play(moves, response, request.path.endsWith("/messages") ? anthropic : openAi);
  }
  server.listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    openAi: `${base}/v1`,
    anthropic: `${base}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Dialect {
  readonly begin: readonly string[];
  readonly text: (text: string) => readonly string[];
  readonly tool: (name: string, input: unknown) => readonly string[];
  readonly end: (usedTool: boolean) => readonly string[];
}

async function play(moves: readonly ModelMove[], response: ServerResponse, dialect: Dialect) {
  const send = (events: readonly string[]) => {
    for (const event of events) response.write(event);
  };
  send(dialect.begin);
  let usedTool = false;
  for (const move of moves) {
    if (move === "break off") {
      // What was written arrives, and then the connection ends in the middle of the answer.
      response.write("", () => response.socket?.end());
      return;
    }
    if (typeof move === "string") send(dialect.text(move));
    else if ("wait" in move) await move.wait;
    else {
      usedTool = true;
      send(dialect.tool(move.tool, move.input));
    }
  }
  send(dialect.end(usedTool));
  response.end();
}

const chunk = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "scripted",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

const openAi: Dialect = {
  begin: [chunk({ role: "assistant", content: "" })],
  text: (content) => [chunk({ content })],
  tool: (name, input) => [
    chunk({
      tool_calls: [
        {
          index: 0,
          id: "t1",
          type: "function",
          function: { name, arguments: JSON.stringify(input) },
        },
      ],
    }),
  ],
  end: (usedTool) => [chunk({}, usedTool ? "tool_calls" : "stop"), "data: [DONE]\n\n"],
};

const event = (data: { readonly type: string } & Record<string, unknown>) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const block = (index: number, content: unknown, delta: unknown) => [
  event({ type: "content_block_start", index, content_block: content }),
  event({ type: "content_block_delta", index, delta }),
  event({ type: "content_block_stop", index }),
];

const anthropic: Dialect = {
  begin: [
    event({
      type: "message_start",
      message: {
        id: "m1",
        type: "message",
        role: "assistant",
        model: "scripted",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    }),
  ],
  text: (text) => block(0, { type: "text", text: "" }, { type: "text_delta", text }),
  tool: (name, input) =>
    block(
      1,
      { type: "tool_use", id: "t1", name, input: {} },
      { type: "input_json_delta", partial_json: JSON.stringify(input) },
    ),
  end: (usedTool) => [
    event({
      type: "message_delta",
      delta: { stop_reason: usedTool ? "tool_use" : "end_turn", stop_sequence: null },
      usage: { output_tokens: 1 },
    }),
    event({ type: "message_stop" }),
  ],
};
