import { createServer, type Server } from "node:http";
import { Inngest, NonRetriableError } from "inngest";
import { serve } from "inngest/node";
import { afterEach, expect, test } from "vitest";
import { type JobRunner, startJobRunner } from "../../../scripts/parts/job-runner.ts";
import { freePort } from "../../../scripts/parts/ports.ts";
import { until } from "../../../scripts/parts/until.ts";

const quiet = { info() {}, warn() {}, error() {}, debug() {} };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Define = (client: Inngest) => ReturnType<Inngest["createFunction"]>[];

/** An application with these functions, and a runner that calls it. */
async function setUp(define: Define, signingKey: string | null = null, waits = true) {
  const [appPort, runnerPort] = [await freePort(), await freePort()];
  const client = new Inngest({
    id: "app",
    isDev: signingKey === null,
    ...(signingKey !== null && { signingKey, eventKey: "key" }),
    baseUrl: `http://127.0.0.1:${runnerPort}`,
    logger: quiet,
  });
  const listen = async (): Promise<Server> => {
    const app = createServer(serve({ client, functions: define(client) }));
    await new Promise<void>((resolve) => app.listen(appPort, "127.0.0.1", resolve));
    closers.push(() => close(app));
    return app;
  };
  const said: string[] = [];
  const start = async (): Promise<JobRunner> => {
    const runner = await startJobRunner({
      appUrl: `http://127.0.0.1:${appPort}/api/inngest`,
      port: runnerPort,
      signingKey,
      backoffMs: () => 1,
      say: (line) => said.push(line),
    });
    closers.push(() => runner.stop());
    if (!waits) return runner;
    const ready = async () => {
      const health = await fetch(`${runner.url}/health`);
      return ((await health.json()) as { functions: number }).functions > 0;
    };
    expect(await until(ready, { timeoutMs: 10_000 })).toBe(true);
    return runner;
  };
  const app = await listen();
  const appUrl = `http://127.0.0.1:${appPort}/api/inngest`;
  return { client, app, appUrl, listen, runner: await start(), start, said };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

test("a function runs each step once and gets their results", async () => {
  const ran: string[] = [];
  const { client, runner } = await setUp((inngest) => [
    inngest.createFunction(
      { id: "steps", triggers: [{ event: "app/asked" }] },
      async ({ event, step }) => {
        const first = await step.run("first", () => {
          ran.push("first");
          return { twice: (event.data as { n: number }).n * 2 };
        });
        await step.run("second", () => {
          ran.push(`second ${first.twice}`);
        });
      },
    ),
  ]);
  await client.send({ name: "app/asked", data: { n: 21 } });
  await runner.idle();
  expect(ran).toEqual(["first", "second 42"]);
});

test("a retried step keeps the results of the steps before it", async () => {
  const ran: string[] = [];
  const { client, runner } = await setUp((inngest) => [
    inngest.createFunction({ id: "both", triggers: [{ event: "app/asked" }] }, async ({ step }) => {
      const first = await step.run("first", () => {
        ran.push("first");
        return "l";
      });
      const second = await step.run("second", () => {
        ran.push("second");
        if (ran.length === 2) throw new Error("not yet");
        return "r";
      });
      await step.run("third", () => {
        ran.push(first + second);
      });
    }),
  ]);
  await client.send({ name: "app/asked", data: {} });
  await runner.idle();
  expect(ran).toEqual(["first", "second", "second", "lr"]);
});

test("a function that needs more than step.run fails with a line that names the step", async () => {
  const ran: string[] = [];
  const { client, runner, said } = await setUp((inngest) => [
    inngest.createFunction({ id: "nap", triggers: [{ event: "app/asked" }] }, async ({ step }) => {
      await step.sleep("rest", "5ms");
      ran.push("after a sleep");
    }),
    inngest.createFunction({ id: "pair", triggers: [{ event: "app/asked" }] }, async ({ step }) => {
      await Promise.all(["left", "right"].map((name) => step.run(name, () => ran.push(name))));
    }),
  ]);
  await client.send({ name: "app/asked", data: {} });
  await runner.idle();
  expect(ran).toEqual([]);
  expect(said.sort()).toEqual([
    expect.stringMatching(/^Jobs: app-nap failed .* step\.run only\. "rest" needs/),
    expect.stringMatching(/^Jobs: app-pair failed .* step\.run only\. "left" needs/),
  ]);
});

test("a function with a schedule starts when it is due", async () => {
  const events: unknown[] = [];
  await setUp((inngest) => [
    inngest.createFunction({ id: "clock", triggers: [{ cron: "* * * * * *" }] }, ({ event }) => {
      events.push(event.data);
    }),
  ]);
  expect(await until(async () => events.length >= 2, { timeoutMs: 10_000 })).toBe(true);
  expect(events[0]).toEqual({ cron: "* * * * * *" });
});

test("a step is retried as often as configured, then its failure is reported in one line", async () => {
  let attempts = 0;
  const { client, runner, said } = await setUp((inngest) => [
    inngest.createFunction(
      {
        id: "doomed",
        retries: 2,
        triggers: [{ event: "app/asked" }],
      },
      ({ step }) =>
        step.run("try", () => {
          attempts += 1;
          throw new Error("no luck");
        }),
    ),
  ]);
  await client.send({ name: "app/asked", data: {} });
  await runner.idle();
  expect(attempts).toBe(3);
  expect(said).toEqual([expect.stringMatching(/^Jobs: app-doomed failed .*no luck$/)]);
});

test("a non-retriable error is not retried", async () => {
  let attempts = 0;
  const { client, runner } = await setUp((inngest) => [
    inngest.createFunction(
      { id: "hopeless", retries: 5, triggers: [{ event: "app/asked" }] },
      () => {
        attempts += 1;
        throw new NonRetriableError("never");
      },
    ),
  ]);
  await client.send({ name: "app/asked", data: {} });
  await runner.idle();
  expect(attempts).toBe(1);
});

test("an event sent twice under one id runs its function once", async () => {
  let runs = 0;
  const { client, runner } = await setUp((inngest) => [
    inngest.createFunction({ id: "once", triggers: [{ event: "app/asked" }] }, () => {
      runs += 1;
    }),
  ]);
  const event = { id: "notif:comment:7", name: "app/asked", data: {} };
  await client.send([event, event]);
  await client.send(event);
  await runner.idle();
  expect(runs).toBe(1);
});

test("sending fails while the runner is down and works when it is back", async () => {
  let runs = 0;
  const { client, runner, start } = await setUp((inngest) => [
    inngest.createFunction({ id: "back", triggers: [{ event: "app/asked" }] }, () => {
      runs += 1;
    }),
  ]);
  await runner.stop();
  await expect(client.send({ name: "app/asked", data: {} })).rejects.toThrow();
  const again = await start();
  await client.send({ name: "app/asked", data: {} });
  await again.idle();
  expect(runs).toBe(1);
});

test("an unreachable application is called again, without a lost attempt", async () => {
  const attempts: number[] = [];
  const { client, app, listen, runner } = await setUp((inngest) => [
    inngest.createFunction(
      { id: "away", retries: 0, triggers: [{ event: "app/asked" }] },
      ({ attempt }) => {
        attempts.push(attempt);
      },
    ),
  ]);
  await close(app);
  await client.send({ name: "app/asked", data: {} });
  await listen();
  await runner.idle();
  expect(attempts).toEqual([0]);
});

test("the runner accepts only JSON, and registrations only from the application", async () => {
  const { runner } = await setUp((inngest) => [
    inngest.createFunction({ id: "any", triggers: [{ event: "app/asked" }] }, () => {}),
  ]);
  const post = (path: string, type: string, body: unknown) =>
    fetch(runner.url + path, {
      method: "POST",
      headers: { "content-type": type },
      body: JSON.stringify(body),
    });
  expect((await post("/e/key", "text/plain", { name: "app/asked" })).status).toBe(415);
  const foreign = { url: "http://example.org/api/inngest", functions: [] };
  expect((await post("/fn/register", "application/json", foreign)).status).toBe(403);
  expect((await post("/e/key", "application/json", "x".repeat(1_000_001))).status).toBe(413);
});

test.each([
  ["a schedule that cannot be parsed", { cron: "60 * * * *" }, "minute: 60"],
  ["a condition", { event: "app/asked", expression: "event.data.n > 1" }, "needs an Inngest"],
])(
  "a registration with %s is refused, and the former functions stay",
  async (_, trigger, reason) => {
    const { runner, appUrl } = await setUp((inngest) => [
      inngest.createFunction({ id: "any", triggers: [{ event: "app/asked" }] }, () => {}),
    ]);
    const steps = { step: { runtime: { url: appUrl } } };
    const functions = [{ id: "other", triggers: [trigger], steps }];
    const answer = await fetch(`${runner.url}/fn/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url: appUrl, functions: [...functions, ...functions] }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(reason);
    expect(await (await fetch(`${runner.url}/health`)).json()).toEqual({ functions: 1 });
  },
);

test("with a signing key the runner signs requests, and the application refuses unsigned ones", async () => {
  const signingKey = `signkey-inkwell-${"0123456789abcdef".repeat(4)}`;
  const ran: string[] = [];
  const { client, runner, appUrl } = await setUp(
    (inngest) => [
      inngest.createFunction(
        { id: "signed", triggers: [{ event: "app/asked" }] },
        async ({ event, step }) => {
          await step.run("first", () => ran.push(JSON.stringify(event.data)));
          await step.run("second", () => ran.push("second"));
        },
      ),
    ],
    signingKey,
  );
  const data = { z: [1.5e300, null, "é\u2028"], a: { "\u20ac": true, b: -0 } };
  await client.send({ name: "app/asked", data });
  await runner.idle();
  expect(ran).toEqual([JSON.stringify(data), "second"]);

  const ask = (headers: Record<string, string>) =>
    fetch(`${appUrl}?fnId=app-signed&stepId=step`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: "{}",
    });
  expect((await ask({})).status).toBe(401);
  const now = Math.floor(Date.now() / 1000);
  expect((await ask({ "x-inngest-signature": `t=${now}&s=${"0".repeat(64)}` })).status).toBe(401);
});

test("with a signing key the runner accepts registrations only with the key", async () => {
  const signingKey = `signkey-inkwell-${"0123456789abcdef".repeat(4)}`;
  const { runner, appUrl } = await setUp(() => [], signingKey, false);
  const register = (headers: Record<string, string>) =>
    fetch(`${runner.url}/fn/register`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ url: appUrl, functions: [] }),
    });
  expect((await register({})).status).toBe(401);
  expect((await register({ authorization: `Bearer ${signingKey}` })).status).toBe(401);
});
