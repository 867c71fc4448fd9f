/** In characters: a message of an ephemeral channel has at most 1,024 bytes. */
export const textLength = 200;
