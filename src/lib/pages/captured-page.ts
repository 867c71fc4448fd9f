import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { nonceOf } from "../http/nonce-of.ts";

const compress = promisify(gzip);

/** An HTML response without its nonce. Each visitor gets a new one. */
export interface CapturedPage {
  readonly headers: OutgoingHttpHeaders;
  /** The text between the places of the nonce. */
  readonly parts: readonly string[];
  readonly nonce: string;
  readonly bytes: number;
}

/** A larger response is streamed and not kept. */
const largestPageBytes = 4_000_000;

/** Belongs to one connection or one encoding. */
const ownHeaders = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "date",
]);

/**
 * Holds an answer back until it is complete.
 *
 * @returns What can be kept and sent again; null when the answer is no page (then it has been sent as it
 * was) or the connection broke off.
 */
export function capture(response: ServerResponse): Promise<CapturedPage | null> {
  const { write, end, writeHead, flushHeaders } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isHeld = true;
  return new Promise((resolve) => {
    const restore = () => {
      isHeld = false;
      Object.assign(response, { write, end, writeHead, flushHeaders });
    };
    const passOn = () => {
      restore();
      for (const chunk of chunks.splice(0)) response.write(chunk);
      resolve(null);
    };
    const take = (chunk: unknown, encoding: unknown) => {
      if (chunk === undefined || chunk === null || typeof chunk === "function") return;
      const buffer =
        typeof chunk === "string"
          ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
          : Buffer.from(chunk as Uint8Array);
      chunks.push(buffer);
      bytes += buffer.byteLength;
    };
    Object.assign(response, {
      flushHeaders: () => {},
      writeHead: (status: number, ...rest: unknown[]) => {
        response.statusCode = status;
        const headers = rest.find((each) => typeof each === "object" && each !== null);
        for (const [name, value] of Object.entries((headers ?? {}) as OutgoingHttpHeaders)) {
          if (value !== undefined) response.setHeader(name, value);
        }
        return response;
      },
      write: (chunk: unknown, ...rest: unknown[]) => {
        take(chunk, rest[0]);
        const done = rest.find((each) => typeof each === "function");
        if (done) process.nextTick(done as () => void);
        if (bytes > largestPageBytes) passOn();
        return true;
      },
      end: (chunk: unknown, ...rest: unknown[]) => {
        take(chunk, rest[0]);
        const page = toPage(response, Buffer.concat(chunks));
        if (page === null) passOn();
        else restore();
        const done = [chunk, ...rest].find((each) => typeof each === "function");
        if (done) response.once("finish", done as () => void);
        if (page === null) response.end();
        else resolve(page);
        return response;
      },
    });
    response.once("close", () => {
      if (isHeld) restore();
      resolve(null);
    });
  });
}

/** Null for a response that other visitors must not get: no 200, no HTML, a cookie, or no nonce. */
function toPage(response: ServerResponse, body: Buffer): CapturedPage | null {
  const headers = response.getHeaders();
  const nonce = nonceOf(String(headers["content-security-policy"] ?? ""));
  if (response.statusCode !== 200 || nonce === undefined) return null;
  if (!String(headers["content-type"]).startsWith("text/html")) return null;
  if (headers["set-cookie"] !== undefined || headers["content-encoding"] !== undefined) return null;
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
  return {
    headers: Object.fromEntries(kept),
    parts: body.toString("utf8").split(nonce),
    nonce,
    bytes: body.byteLength,
  };
}

/** Answers with a captured page and a nonce that no other answer has, compressed where the visitor takes it. */
export async function sendPage(
  { headers, parts, nonce }: CapturedPage,
  response: ServerResponse,
  accepted: IncomingHttpHeaders["accept-encoding"],
): Promise<void> {
  const fresh = randomBytes(16).toString("base64");
  const own = (value: unknown): string => String(value).replaceAll(nonce, fresh);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      response.setHeader(name, Array.isArray(value) ? value.map(own) : own(value));
    }
  }
  const text = Buffer.from(parts.join(fresh));
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(\s|,|$))/i.test(accepted ?? "");
  // In a thread of the pool. Level 4 costs a third of the default and saves nearly as much.
  const body = isZipped ? await compress(text, { level: 4 }) : text;
  if (isZipped) response.setHeader("content-encoding", "gzip");
  if (!/accept-encoding/i.test(String(headers.vary ?? "")))
    response.appendHeader("vary", "Accept-Encoding");
  response.statusCode = 200;
  response.setHeader("content-length", body.byteLength);
  response.end(body);
}
