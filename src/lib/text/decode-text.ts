/** UTF-8 text; `null` for other bytes, and for text with a NUL character, which Postgres does not store. */
export function decodeText(bytes: AllowSharedBufferSource): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
