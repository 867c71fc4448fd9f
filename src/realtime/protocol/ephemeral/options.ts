import { ProtocolError } from "../errors.ts";

/** How messages of an ephemeral channel kind are kept in memory. Times are in milliseconds. */
export interface EphemeralOptions {
  /** Messages kept per channel for replay, and per subscriber that reads too slowly. 1 to 1,000. Default 100. */
  readonly bufferSize: number;
  /**
   * What happens to a subscriber's full queue: `drop-oldest` removes its oldest message, `drop-newest` leaves out
   * the new one. Default `drop-oldest`.
   */
  readonly onFull: "drop-oldest" | "drop-newest";
  /** Age at which a message is neither delivered nor replayed. 1 to 86,400,000. Default 60,000. */
  readonly messageTTL: number;
  /** Messages that are replayed at most to a new subscriber. 0 to `bufferSize`. Default 0: no replay. */
  readonly lastN: number;
  /** Age at which a message is not replayed. 1 to 86,400,000. Default 86,400,000: `messageTTL` alone counts. */
  readonly maxAge: number;
}

const dayMs = 86_400_000;
const defaults: EphemeralOptions = {
  bufferSize: 100,
  onFull: "drop-oldest",
  messageTTL: 60_000,
  lastN: 0,
  maxAge: dayMs,
};

/** Adds the defaults. @throws {ProtocolError} `invalid_contract`, with the name of the invalid option. */
export function readEphemeralOptions(
  pattern: string,
  given: Partial<EphemeralOptions>,
): EphemeralOptions {
  const options = { ...defaults, ...given };
  const refuse = (name: string, remedy: string): never => {
    throw new ProtocolError(
      "invalid_contract",
      `Channel "${pattern}" has an invalid option "${name}". Set ${remedy}.`,
    );
  };
  const assertWhole = (
    name: "bufferSize" | "messageTTL" | "lastN" | "maxAge",
    least: number,
    most: number,
  ) => {
    const value = options[name];
    if (!Number.isInteger(value) || value < least || value > most)
      refuse(name, `a whole number from ${least} to ${most}`);
  };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) refuse(name, Object.keys(defaults).join(", "));
  }
  assertWhole("bufferSize", 1, 1_000);
  assertWhole("messageTTL", 1, dayMs);
  assertWhole("lastN", 0, options.bufferSize);
  assertWhole("maxAge", 1, dayMs);
  if (options.onFull !== "drop-oldest" && options.onFull !== "drop-newest")
    refuse("onFull", "drop-oldest or drop-newest");
  return options;
}
