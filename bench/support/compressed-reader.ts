import { request } from "node:http";
import { createBrotliDecompress } from "node:zlib";
import type { Reader } from "./reader.ts";

/** Opens a stream that is compressed with brotli, whose subscription is acknowledged. */
export function openCompressedReader(
  port: number,
  body: string,
): Promise<Pick<Reader, "listen" | "close">> {
  return new Promise((resolve, reject) => {
    let text = "";
    let received = (more: string) => {
      text += more;
      if (!text.includes("subscribed")) return;
      received = () => {};
      resolve({
        listen: (next) => {
          received = next;
        },
        close: () => asked.destroy(),
      });
    };
    const asked = request({
      host: "127.0.0.1",
      port,
      method: "POST",
      agent: false,
      headers: {
        "content-type": "application/json",
        "content-length": body.length,
        "accept-encoding": "br",
      },
    });
    asked.on("error", reject);
    asked.once("response", (response) => {
      if (response.headers["content-encoding"] !== "br") {
        reject(new Error("The stream is not compressed."));
        return;
      }
      const decoded = response.pipe(createBrotliDecompress());
      // Closing ends the stream within a block.
      decoded.on("error", () => {});
      response.on("error", () => {});
      decoded.on("data", (chunk) => received(String(chunk)));
    });
    asked.end(body);
  });
}
