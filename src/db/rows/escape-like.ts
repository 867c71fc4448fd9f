/** Text for a pattern of `like` and `ilike`, where it stands for itself. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
