import type { Icon as IconComponent } from "@/ui/icon.ts";
import { HandHeart, Heart, Laugh, Lightbulb, Sparkles, ThumbsUp } from "@/ui/icons.ts";
import type { ReactionKind } from "../schema.ts";

/** Label and icon of each kind, in display order. */
export const looks: Readonly<
  Record<ReactionKind, { readonly label: string; Icon: IconComponent }>
> = {
  like: { label: "Like", Icon: ThumbsUp },
  love: { label: "Love", Icon: Heart },
  insightful: { label: "Insightful", Icon: Lightbulb },
  laugh: { label: "Funny", Icon: Laugh },
  surprise: { label: "Surprising", Icon: Sparkles },
  support: { label: "Support", Icon: HandHeart },
};

export const kinds = Object.keys(looks) as readonly ReactionKind[];
