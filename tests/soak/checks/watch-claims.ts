import type { Person } from "../people/person.ts";
import { comparable } from "../people/reads.ts";
import type { ClaimWatch } from "./claims.ts";

const everyMs = 1_000;

export interface WatchedWorld {
  readonly people: readonly Person[];
  readonly claims: ClaimWatch;
  /** Whether one relay leads and has delivered everything. */
  readonly isRelayed: () => boolean;
}

/** Compares status and data of each person's page with that person's own select, once. */
export async function sampleClaims({ people, claims, isRelayed }: WatchedWorld): Promise<void> {
  if (!isRelayed()) claims.relayFailed();
  await Promise.all(
    people.map(async (person) => {
      const said = person.claims();
      if (said !== undefined) claims.page(person.name, said);
      await Promise.all(
        person.reads.map(async (read) => {
          const claim = said?.queries.find((each) => each.read === read.name);
          if (claim?.status !== "live") return claims.restart(person.name, read.name);
          claims.live(person.name, claim, comparable(read, await read.expected()));
        }),
      );
    }),
  );
}

/** Samples every second. The returned function ends it after the current sample. */
export function watchClaims(world: WatchedWorld): () => Promise<void> {
  let wake = () => {};
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      await sampleClaims(world);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isOver ? 0 : everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return async () => {
    isOver = true;
    wake();
    await watching;
  };
}
