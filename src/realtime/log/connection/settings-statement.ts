/**
 * Returns one SQL statement that sets all settings for the transaction or the session, in one round trip and without
 * a prepared statement. Names and values are hex-encoded, which makes them safe for any text and any
 * `standard_conforming_strings`.
 */
export function settingsStatement(
  settings: Readonly<Record<string, string>>,
  until: "transaction" | "session",
): string {
  const calls = Object.entries(settings).map(
    ([name, value]) =>
      `set_config(${constant(name)}, ${constant(value)}, ${until === "transaction"})`,
  );
  return `select ${calls.join(", ")}`;
}

function constant(text: string): string {
  return `convert_from(decode('${Buffer.from(text, "utf8").toString("hex")}', 'hex'), 'UTF8')`;
}
