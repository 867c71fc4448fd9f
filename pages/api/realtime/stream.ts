import type { NextApiRequest, NextApiResponse } from "next";
import { streamHandler } from "@/wiring/realtime/realtime.ts";

/** The handler reads the body itself, and bounds it. */
export const config = { api: { bodyParser: false, externalResolver: true } };

/**
 * The only route of the pages router, which gives access to Node's own response: a stream then needs less memory, and
 * can be compressed. Next strips `content-encoding` from the responses of route handlers.
 */
export default function stream(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return streamHandler()(request, response);
}
