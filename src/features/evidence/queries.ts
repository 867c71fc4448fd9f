import { queryOptions } from "@tanstack/react-query";
import { live, liveEntities, on, type Source } from "querycast";
import { channels } from "@/channels/index.ts";
import { evidence } from "@/channels/publications.ts";
import { standingSources, type TeamViewer } from "@/channels/standing.ts";
import type { FigureRow } from "@/lib/evidence/figure-row.ts";
import { type Clearance, type FigureName, isSameFigure } from "@/lib/evidence/observation.ts";
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

/** The feeds of a publication with their last readings, for members who record. */
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
    [
      viewer.isMember && evidence.all(channels.team({ publicationId })),
      ...standingSources(publicationId, viewer),
    ],
  );

/** The viewer of a chart. */
export interface FigureViewer extends TeamViewer {
  /** Whether they read all submissions, and so what is for editors. */
  readonly isDesk: boolean;
}

/** The rows of figures: observations of each clearance arrive on a channel of their own. */
function figureRows(publicationId: string, viewer: FigureViewer) {
  const added = (clearance: Clearance) =>
    on(channels.figures({ clearance, publicationId }), "figures.added");
  return {
    entity: added("public"),
    sources: [
      viewer.isMember && added("member"),
      viewer.isDesk && added("editor"),
      ...standingSources(publicationId, viewer),
    ],
    id: ({ number }: FigureRow) => String(number),
    version: ({ number }: FigureRow) => number,
  };
}

/** The figures of a publication, each by the last observation with a value of it. */
export const figuresQuery = (publicationId: string, viewer: FigureViewer) =>
  liveEntities(
    queryOptions({
      queryKey: observationKeys.figures(publicationId),
      queryFn: ({ signal }) =>
        fetchJson<readonly FigureRow[]>(
          withParams("/api/publications/evidence/figures", { publicationId }),
          signal,
        ),
    }),
    {
      ...figureRows(publicationId, viewer),
      place: (rows, { figures }) =>
        figures.every((figure) => rows.some((row) => hasFigure(row, figure)))
          ? undefined
          : rows.length,
    },
  );

/** The observations with the last values of a figure, and the corrections of them. */
export const valuesQuery = (publicationId: string, figure: FigureName, viewer: FigureViewer) =>
  liveEntities(
    queryOptions({
      queryKey: observationKeys.values(publicationId, figure),
      queryFn: ({ signal }) =>
        fetchJson<readonly FigureRow[]>(
          withParams("/api/publications/evidence/values", {
            publicationId,
            name: figure.name,
            unit: figure.unit,
          }),
          signal,
        ),
    }),
    {
      ...figureRows(publicationId, viewer),
      // A correction may come before the row that it corrects, which is on another channel.
      place: (rows, row) =>
        hasFigure(row, figure) || row.corrects !== null ? rows.length : undefined,
    },
  );

const hasFigure = ({ figures }: FigureRow, figure: FigureName) =>
  figures.some((each) => isSameFigure(each, figure));
