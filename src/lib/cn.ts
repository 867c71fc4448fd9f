import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Our own text sizes; without them `text-xs text-ink` would look like two colours. */
const merge = extendTailwindMerge({
  extend: { theme: { text: ["2xs", "xs", "sm", "base", "lg", "xl", "2xl", "3xl", "4xl"] } },
});

/** Joins class names; of two that fight, the later wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
