import { createHash, randomBytes } from "node:crypto";

/** A token for the link of an invitation: 256 random bits. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** The digest that is stored. A token with 256 random bits needs no slow hash. */
export const hashToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");
