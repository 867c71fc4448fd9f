import { queryOptions } from "@tanstack/react-query";
import { live, type Source } from "querycast";
import { channels } from "@/channels/index.ts";
import { evidence } from "@/channels/publications.ts";
import { standingSources, type TeamViewer } from "@/channels/standing.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { observationKeys } from "./keys.ts";
import type { EvidenceFilter, EvidencePage, Feed, Observation } from "./schema.ts";

/** The filter as parameters of a URL, without empty ones. */
export const filterParams = (filter: EvidenceFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );

/** Clearance depends on the viewer's permissions. */
const evidenceSources = (publicationId: string, viewer: TeamViewer): readonly Source[] => [
  evidence.all(channels.publication({ publicationId })),
  ...standingSources(publicationId, viewer),
];

/** A page of the observations of a publication that the viewer may read. */
export const observationsQuery = (
  publicationId: string,
  filter: EvidenceFilter,
  viewer: TeamViewer,
) =>
  live(
    queryOptions({
      queryKey: observationKeys.list(publicationId, filter),
      queryFn: ({ signal }) =>
        fetchJson<EvidencePage>(
          withParams("/api/publications/evidence", { publicationId, ...filterParams(filter) }),
          signal,
        ),
    }),
    evidenceSources(publicationId, viewer),
  );

/** One observation with its signature. A correction changes it. */
export const observationQuery = (publicationId: string, number: number, viewer: TeamViewer) =>
  live(
    queryOptions({
      queryKey: observationKeys.observation(publicationId, number),
      queryFn: ({ signal }) =>
        fetchJson<Observation>(
          withParams("/api/publications/evidence/observation", {
            publicationId,
            number: String(number),
          }),
          signal,
        ),
    }),
    evidenceSources(publicationId, viewer),
  );

/** The feeds of a publication, for members who record. New observations show that one was read. */
export const feedsQuery = (publicationId: string, viewer: TeamViewer) =>
  live(
    queryOptions({
      queryKey: observationKeys.feeds(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly Feed[]>(
          withParams("/api/publications/evidence/feeds", { publicationId }),
          signal,
        ),
    }),
    evidenceSources(publicationId, viewer),
  );
