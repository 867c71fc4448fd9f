import fc from "fast-check";
import { expect, test } from "vitest";
import { channels, made, setUp } from "../../../../tests/support/rigs/client-rig.ts";

const articles = [
  channels.article({ articleId: "a1" }),
  channels.article({ articleId: "a2" }),
] as const;

/** One delivery: the signal, whether it is pushed or replayed, and the time since the delivery before. */
const delivery = fc.record({
  article: fc.nat({ max: articles.length - 1 }),
  signal: fc.nat({ max: 5 }),
  by: fc.constantFrom("push" as const, "catch-up" as const),
  pauseMs: fc.integer({ min: 0, max: 3_000 }),
});

test("signals that arrive repeatedly and in any order, pushed or replayed, are delivered once on their channel", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { minLength: 1, maxLength: 30, size: "max" }),
      async (deliveries) => {
        const { broker, client, clock, environment, listen, route } = setUp();
        const told = articles.map((each) => listen(each).received);
        await clock.advance(5_000);
        expect(client.getState().status).toBe("live");

        const sent = articles.map(() => new Set<string>());
        for (const { article: index, signal, by, pauseMs } of deliveries) {
          const { name } = articles[index] ?? articles[0];
          // The same id on two channels is two signals.
          const next = made(`s${signal}`);
          // A signal is appended to the log once before it is delivered.
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
        for (const [index, received] of told.entries()) {
          expect(received.filter((id) => id !== "gap").sort()).toEqual(
            [...(sent[index] ?? [])].sort(),
          );
        }
        client.close();
      },
    ),
    { numRuns: 100 },
  );
});
