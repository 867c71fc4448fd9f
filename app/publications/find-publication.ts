import { cache } from "react";
import { findPublication as find } from "@/features/publications/get-publication.ts";
import { getStanding } from "@/features/publications/get-standing.ts";
import { readAsViewer } from "@/wiring/context.ts";

/** The publication with a slug, for server components; `null` if the slug is unknown. Cached per request. */
export const findPublication = cache((slug: string) => readAsViewer((ctx) => find(ctx, { slug })));

/** What the viewer may do in a publication. Cached per request. */
export const findStanding = cache((publicationId: string) =>
  readAsViewer((ctx) => getStanding(ctx, { publicationId })),
);
