import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "@/channels/index.ts";
import { evidence } from "@/channels/publications.ts";
import { standingSources } from "@/channels/standing.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { analystKeys } from "./keys.ts";
import type { AnswerPage } from "./schema.ts";

/**
 * The viewer's own questions to the analyst, from all their tabs. The end of a right hides answers that were made with it, and a correction
 * ends the grounding of answers that cite the corrected observation.
 */
export const answersQuery = (publicationId: string, viewerId: string) =>
  live(
    queryOptions({
      queryKey: analystKeys.answers(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<AnswerPage>(withParams("/api/analyst", { publicationId }), signal),
    }),
    [
      ...standingSources(publicationId, { userId: viewerId, isMember: true }),
      evidence.all(channels.user({ userId: viewerId })),
      evidence.all(channels.publication({ publicationId })),
    ],
  );
