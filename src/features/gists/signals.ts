import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

const owner = (userId: string) => channels.user({ userId });

export const gistCreated = (ownerId: string, gistId: string): OutgoingSignal =>
  signal(owner(ownerId), "gist.created", { gistId });

/** For the owner's lists, and for viewers of the gist. */
export const gistUpdated = (ownerId: string, gistId: string): readonly OutgoingSignal[] => [
  signal(owner(ownerId), "gist.updated", { gistId }),
  signal(channels.resource({ resourceType: "gist", resourceId: gistId }), "gist.updated", {
    gistId,
  }),
];

/** For the owner's lists. Viewers lose access, which a trigger on the row publishes. */
export const gistDeleted = (ownerId: string, gistId: string): OutgoingSignal =>
  signal(owner(ownerId), "gist.deleted", { gistId });
