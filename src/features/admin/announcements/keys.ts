export const announcementsKeys = { all: ["announcements"] as const };
