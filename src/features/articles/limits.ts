/** Days during which a deleted article can be restored. */
export const restorableDays = 7;
