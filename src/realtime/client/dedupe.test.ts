import fc from "fast-check";
import { expect, test } from "vitest";
import { channels, made, setUp } from "./client-rig.ts";

const articles = [
  channels.article({ articleId: "a1" }),
  channels.article({ articleId: "a2" }),
] as const;

/** One delivery: which of the signals, by which way, and how long after the one before. */
const delivery = fc.record({
  article: fc.nat({ max: articles.length - 1 }),
  signal: fc.nat({ max: 5 }),
  by: fc.constantFrom("push" as const, "catch-up" as const),
  pauseMs: fc.integer({ min: 0, max: 3_000 }),
});

test("however often and in whatever order signals arrive, pushed or replayed, each is told exactly once on its channel", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { minLength: 1, maxLength: 30, size: "max" }),
      async (deliveries) => {
        const { broker, client, clock, environment, listen, route } = setUp();
        const told = articles.map((each) => listen(each).heard);
        await clock.advance(5_000);
        expect(client.getState().status).toBe("live");

        const sent = articles.map(() => new Set<string>());
        for (const { article: index, signal, by, pauseMs } of deliveries) {
          const { name } = articles[index] ?? articles[0];
          // The same id on two channels is two signals: only together with its channel is it one.
          const next = made(`s${signal}`);
          // What is committed is in the log first, and once; then it is delivered however often.
          if (sent[index]?.has(next.id) === false) route.append(name, next);
          sent[index]?.add(next.id);
          if (by === "push") broker.publish(route.wireName(name), next);
          else {
            environment.set({ online: false });
            environment.set({ online: true });
          }
          await clock.advance(pauseMs);
        }
        await clock.advance(60_000);
        for (const [index, heard] of told.entries()) {
          expect(heard.filter((id) => id !== "gap").sort()).toEqual(
            [...(sent[index] ?? [])].sort(),
          );
        }
        client.close();
      },
    ),
    { numRuns: 100 },
  );
});
