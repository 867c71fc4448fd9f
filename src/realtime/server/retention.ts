/** How long signals are kept for catch-up by default, in ms. */
export const defaultRetentionMs = 72 * 60 * 60 * 1000;
