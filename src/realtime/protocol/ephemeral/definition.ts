import { assertDeclarable } from "../declarable.ts";
import type { StandardSchema } from "../schema.ts";
import type { FieldList } from "./fields.ts";
import type { EphemeralOptions } from "./options.ts";

/**
 * An ephemeral channel kind: it carries messages that are kept in memory for a short time, and no signals. Made by
 * `channel` with the option `ephemeral`.
 */
export interface EphemeralDefinition<
  Pattern extends string = string,
  Params = unknown,
  // biome-ignore lint/complexity/noBannedTypes: the empty map is where a declaration starts
  Messages = {},
> {
  readonly pattern: Pattern;
  /** Rollout phase, 1 and up. */
  readonly phase: number;
  /** Schema of the parameters. Undefined: any ids are accepted. */
  readonly params: StandardSchema<Params> | undefined;
  /** Empty. */
  readonly signals: ReadonlyMap<string, StandardSchema<unknown> | undefined>;
  readonly entities?: undefined;
  phaseOf(signal: string): number;
  readonly ephemeral: EphemeralOptions;
  /** Fields by message type. */
  readonly messages: ReadonlyMap<string, FieldList>;
  /**
   * Returns a new definition with one more message, e.g. `.message("import.progress", fields({ done: "number" }))`.
   *
   * @throws {ProtocolError} `invalid_contract` when the type is not `noun.word` in lower case or is declared already.
   */
  message<Type extends `${string}.${string}`, const List extends FieldList>(
    type: Type,
    fields: List,
  ): EphemeralDefinition<Pattern, Params, Messages & { readonly [Key in Type]: List }>;
  /** Type only: the declared messages and the fields of each. */
  readonly "~messages"?: Messages;
}

/** One ephemeral channel of the contract. Plain data, like a `ChannelRef`. */
export interface EphemeralRef<Kind extends string = string, Messages = unknown> {
  readonly kind: Kind;
  /** The pattern with the escaped parameters filled in. Unique per channel. */
  readonly name: string;
  /** The ids before escaping, as strings. */
  readonly params: Readonly<Record<string, string>>;
  /** Type only: the messages that may be sent here. */
  readonly "~messages"?: Messages;
  /** Type only: an ephemeral channel has no signals. */
  readonly "~signals"?: never;
}

export function defineEphemeral(
  declaration: Omit<EphemeralDefinition, "message" | "~messages">,
): EphemeralDefinition {
  const { pattern, messages } = declaration;
  return {
    ...declaration,
    // The declared type of the new message exists at compile time only.
    message: ((type: string, fields: FieldList) => {
      assertDeclarable("Message", type, pattern, messages);
      return defineEphemeral({ ...declaration, messages: new Map(messages).set(type, fields) });
    }) as EphemeralDefinition["message"],
  };
}
