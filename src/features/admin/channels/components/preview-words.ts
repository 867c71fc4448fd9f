import { count } from "@/lib/text/text.ts";
import type { ChangePreview } from "../schema.ts";

/**
 * A preview in words: who loses which live updates, on how many channels, and what was not counted.
 *
 * @param widens whether the audience grows, which current counts do not show
 */
export function previewWords(preview: ChangePreview, widens = false): string {
  const words = lossWords(preview, widens);
  return preview.countsOneProcess
    ? `${words} Only one server process is counted: with others, more people may lose live updates.`
    : words;
}

function lossWords(preview: ChangePreview, widens: boolean): string {
  const { people, channels, subscriptions, losses, grows, isExact } = preview;
  if (subscriptions === 0) {
    return grows || widens
      ? "No one loses live updates. More people may get them."
      : "No one loses live updates.";
  }
  const about = isExact ? "" : "About ";
  const where = `${count(subscriptions, "subscription")} on ${count(channels, "channel")}`;
  const what = losses.length === 0 ? "" : `: ${losses.join(", ")}`;
  const verb = (people ?? subscriptions) === 1 ? "loses" : "lose";
  if (people === null) return `${about}${where} ${verb} live updates${what}.`;
  return `${about}${count(people, "person", "people")} (${where}) ${verb} live updates${what}.`;
}
