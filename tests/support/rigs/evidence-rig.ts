import { randomUUID } from "node:crypto";
import postgres from "postgres";
import type { Viewer } from "@/db/viewer.ts";
import { recordObservation } from "@/features/evidence/ingest/record-observation.ts";
import { getObservation } from "@/features/evidence/read/get-observation.ts";
import { listObservations } from "@/features/evidence/read/list-observations.ts";
import {
  evidenceFilter,
  type ObservationDraft,
  observationDraft,
} from "@/features/evidence/schema.ts";
import { createEvidenceKeys } from "@/lib/evidence/signing.ts";
import { viewers } from "../rows/rls-rows.ts";
import { createPublicationsRig, type Member } from "./publications-rig.ts";

const { ann, ben, rea } = viewers;

export const signingKey = Buffer.alloc(32, 1).toString("base64");
export const keys = createEvidenceKeys({ signingKey, formerKeys: [] });

/** A draft as a form sends it. */
export const draftOf = (fields: Record<string, unknown>): ObservationDraft =>
  observationDraft.parse({ sourceName: "A source", eventAt: "2026-01-31", ...fields });

type SiteRole = "worker" | "auth" | "relay" | "topic";

/** A publication of ben with an empty evidence log. Ann writes for it, rea moderates it, kay is no member. */
export async function createEvidenceRig() {
  const rig = await createPublicationsRig();
  const { site } = rig;
  const login = postgres(site.appUrl, { max: 1, onnotice: () => {} });
  return {
    ...rig,
    found: async () => {
      const paper = await rig.found(ben);
      await paper.join(ann, "Writer");
      await paper.join(rea, "Moderator");
      const { publicationId } = paper;
      return {
        ...paper,
        record: (member: Member, fields: Record<string, unknown>, formId: string = randomUUID()) =>
          site.contexts.write(member)(({ tx, viewer }) =>
            recordObservation(
              { tx, viewer, keys },
              { publicationId, formId, observation: draftOf(fields) },
            ),
          ),
        list: (viewer: Viewer, filter: Record<string, unknown> = {}) =>
          site.contexts.read(viewer)(({ tx }) =>
            listObservations({ tx, keys }, { publicationId, ...evidenceFilter.parse(filter) }),
          ),
        get: (viewer: Viewer, number: number) =>
          site.contexts.read(viewer)(({ tx }) =>
            getObservation({ tx, keys }, { publicationId, number }),
          ),
        rows: () => site.owner`select * from observations
          where publication_id = ${publicationId} order by number`,
        /** Changes a row with the owner's rights, while the triggers are disabled. */
        tamper: (write: (tx: postgres.TransactionSql) => Promise<unknown>) =>
          site.owner.begin(async (tx) => {
            await tx`alter table observations disable trigger user`;
            await write(tx);
            await tx`alter table observations enable trigger user`;
          }),
      };
    },
    /**
     * Runs a statement as a viewer or a role, in a transaction that may write, on a connection of the site's own login.
     *
     * @returns the SQLSTATE of its error, or the number of its rows
     */
    attempt: async (who: Viewer | SiteRole, statement: string) => {
      const role = typeof who === "string" ? `app_${who}` : "app_user";
      const userId = typeof who === "string" ? "" : (who.userId ?? "");
      try {
        return await login.begin(async (tx) => {
          await tx.unsafe(`set local role ${role}; set local app.user_id = '${userId}'`);
          const result = await tx.unsafe(statement);
          return Math.max(result.count, result.length);
        });
      } catch (error) {
        return String((error as { code?: string }).code);
      }
    },
    close: async () => {
      await login.end();
      await rig.close();
    },
  };
}
