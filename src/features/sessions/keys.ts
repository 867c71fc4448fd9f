export const sessionKeys = { mine: ["mySessions"] as const };
