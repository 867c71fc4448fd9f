/**
 * One statement without parameters, which sets each for the transaction or for the session. It needs no prepared
 * statement and one round trip. Values are sent in hexadecimal digits, so that no text can end its constant, whatever
 * `standard_conforming_strings` is.
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
