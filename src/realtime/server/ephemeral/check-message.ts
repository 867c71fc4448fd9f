import type { Contract } from "../../protocol/channel.ts";
import type { EphemeralRef } from "../../protocol/ephemeral/definition.ts";
import { type FieldList, findInvalidField } from "../../protocol/ephemeral/fields.ts";
import type { EphemeralOptions } from "../../protocol/ephemeral/options.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";

/** A message to send, before its type is checked. */
export interface UncheckedMessage {
  readonly type: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Checks a message against the contract. @throws {ProtocolError} `invalid_channel` or `invalid_ephemeral` */
export function checkMessage(
  { kinds, refer }: Contract,
  ref: EphemeralRef,
  { type, fields }: UncheckedMessage,
): { readonly channel: string; readonly options: EphemeralOptions } {
  const channel = refer(ref.kind, ref.params);
  const definition = kinds.get(channel.kind);
  const options = definition?.ephemeral;
  if (definition === undefined || options === undefined) {
    throw new ProtocolError(
      "invalid_channel",
      `Channel "${channel.kind}" carries signals. Publish them, or declare it with the option "ephemeral".`,
    );
  }
  const declared: FieldList | undefined = definition.messages.get(type);
  if (declared === undefined) {
    throw new ProtocolError(
      "invalid_ephemeral",
      `Message "${type}" is not declared on channel "${channel.kind}".`,
    );
  }
  const invalid = findInvalidField(declared, fields);
  if (invalid !== undefined) {
    throw new ProtocolError(
      "invalid_ephemeral",
      `Field "${invalid}" of message "${type}" is missing, not declared, or not of type ${declared[invalid] ?? "undefined"}.`,
    );
  }
  return { channel: channel.name, options };
}

/** @throws {ProtocolError} `invalid_ephemeral` */
export function assertMessageSize(type: string, data: string): void {
  const bytes = Buffer.byteLength(data);
  if (bytes <= limits.messageBytes) return;
  throw new ProtocolError(
    "invalid_ephemeral",
    `Message "${type}" has ${bytes} bytes, ${limits.messageBytes} are allowed. Send an id and let the reader fetch the rest.`,
  );
}
