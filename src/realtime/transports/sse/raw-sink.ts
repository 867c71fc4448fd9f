import type { ServerResponse } from "node:http";
import { constants, createBrotliCompress } from "node:zlib";
import { streamHeaders } from "./stream-gate.ts";
import type { Sink } from "./streams.ts";

const plainHeaders = { ...streamHeaders, vary: "accept-encoding" };
const brotliHeaders = { ...plainHeaders, "content-encoding": "br" };

/** A sink that writes to Node's response as it is, after the headers of a stream. */
export function createPlainSink(response: ServerResponse, headers = plainHeaders): Sink {
  return {
    write: (chunk) => {
      // Headers of `setHeader` would be kept as long as the stream.
      if (!response.headersSent) {
        // The body ends with its connection, so Node need not write each chunk in three parts with its length.
        response.removeHeader("transfer-encoding");
        response.writeHead(200, headers);
      }
      response.write(chunk);
    },
    // An empty write is done after those before it, and sends nothing.
    whenRead: (run) => {
      response.write("", (error) => error ?? run());
    },
    queuedBytes: () => response.writableLength,
    end: () => response.end(),
    drop: () => response.destroy(),
  };
}

/** Small windows and this quality cost the least per event; measured, larger ones compress no better. */
const brotli = {
  [constants.BROTLI_PARAM_QUALITY]: 4,
  [constants.BROTLI_PARAM_LGWIN]: 16,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};

/**
 * A sink that compresses. Each write is flushed, so that a client can decode it at once.
 *
 * @param closed called once, when the encoder and its memory were given up.
 */
export function createBrotliSink(response: ServerResponse, closed: () => void): Sink {
  const encoder = createBrotliCompress({ params: brotli });
  const plain = createPlainSink(response, brotliHeaders);
  encoder.on("data", plain.write);
  encoder.on("end", plain.end);
  encoder.on("close", closed);
  encoder.on("error", plain.drop);
  response.once("close", () => encoder.destroy());
  return {
    write: (chunk) => {
      encoder.write(chunk);
      encoder.flush(constants.BROTLI_OPERATION_FLUSH);
    },
    whenRead: (run) => encoder.flush(() => plain.whenRead?.(run)),
    queuedBytes: () => encoder.writableLength + plain.queuedBytes(),
    end: () => encoder.end(),
    drop: plain.drop,
  };
}
