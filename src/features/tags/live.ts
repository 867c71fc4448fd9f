import { fetchedRow } from "@/channels/live-row.ts";

export const topTags = fetchedRow({
  title: "Top tags",
  queries: ['["top-tags"]'],
  never: "It changes too slowly to need live updates.",
});
