import { decodeId, encodeId } from "./encode-id.ts";
import { ProtocolError } from "./errors.ts";
import { isIdSpelling, parseId } from "./ids.ts";
import { epochDigits, limits } from "./limits.ts";
import { type StandardSchema, validateNow } from "./schema.ts";

const segmentPattern = /^[a-z][a-z0-9-]*$/;
const firstSegmentPattern = /^(?!encrypted-|cache-)[a-z][a-z0-9-]*$/;
const paramPattern = /^\{([a-z][A-Za-z0-9]*)\}$/;

/** Characters that a wire name has in addition: the prefix `private-`, and `.e` with the access epoch. */
const wireOverhead = "private-".length + ".e".length + epochDigits;

/** @throws {ProtocolError} `invalid_contract`, as `channel` describes it. */
export function assertPattern(pattern: string): void {
  const segments = pattern.split(".");
  if (!firstSegmentPattern.test(segments[0] ?? "")) {
    throw new ProtocolError(
      "invalid_contract",
      `Channel "${pattern}" must start with a word in lower case, which names its kind on the wire. Brokers reserve words that start with "encrypted-" or "cache-".`,
    );
  }
  for (const segment of segments) {
    if (!segmentPattern.test(segment) && !paramPattern.test(segment)) {
      throw new ProtocolError(
        "invalid_contract",
        `Channel "${pattern}" has the segment "${segment}". A segment is a lower-case word or one {parameter}.`,
      );
    }
  }
  const longest = longestName(segments) + wireOverhead;
  if (longest > limits.wireNameLength) {
    throw new ProtocolError(
      "invalid_contract",
      `Channel "${pattern}" can reach ${longest} characters on the wire, ${limits.wireNameLength} are allowed. Use fewer parameters.`,
    );
  }
}

function longestName(segments: readonly string[]): number {
  const characters = segments.map((segment) =>
    paramPattern.test(segment) ? limits.idLength : segment.length,
  );
  return characters.reduce((sum, length) => sum + length, segments.length - 1);
}

/** The first word of a pattern or a name, which identifies the kind. */
export function headOf(text: string): string {
  return text.split(".", 1)[0] ?? "";
}

/**
 * Returns the parameters in a name that was split at its dots.
 *
 * @throws {ProtocolError} `invalid_channel`
 */
export function matchPattern(pattern: string, segments: readonly string[]): Record<string, string> {
  const expected = pattern.split(".");
  const params: Record<string, string> = {};
  const fits = expected.every((part, index) => {
    const param = paramPattern.exec(part)?.[1];
    const segment = segments[index];
    if (segment === undefined) return false;
    if (param === undefined) return segment === part;
    params[param] = decodeId(segment);
    return isIdSpelling(segment);
  });
  if (!fits || expected.length !== segments.length) {
    throw new ProtocolError("invalid_channel", `The name does not have the form "${pattern}".`);
  }
  return params;
}

/**
 * Returns the plain data of a channel, its parameters as strings.
 *
 * @throws {ProtocolError} `invalid_channel`
 */
export function fillPattern(
  kind: string,
  definition: { readonly pattern: string; readonly params: StandardSchema<unknown> | undefined },
  input: unknown,
): {
  readonly kind: string;
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
} {
  if (typeof input !== "object" || input === null) {
    throw new ProtocolError(
      "invalid_channel",
      `Channel "${kind}" takes its parameters as an object.`,
    );
  }
  const params: Record<string, string> = {};
  const name = definition.pattern.replace(/\{(\w+)\}/g, (_match: string, param: string) => {
    const value = Object.hasOwn(input, param)
      ? (input as Record<string, unknown>)[param]
      : undefined;
    const id = parseId(value, `Parameter "${param}" of channel "${kind}"`, "invalid_channel");
    params[param] = id;
    return encodeId(id);
  });
  if (definition.params !== undefined) {
    const result = validateNow(definition.params, params);
    if (result.issues !== undefined) {
      throw new ProtocolError(
        "invalid_channel",
        `Channel "${kind}" refuses its parameters: ${result.issues.map((issue) => issue.message).join("; ")}.`,
      );
    }
  }
  return { kind, name, params };
}
