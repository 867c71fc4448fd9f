import { type RunningSoketi, startSoketi } from "../../scripts/parts/soketi.ts";
import { until } from "../../scripts/parts/until.ts";

/** A Soketi that is taken away and brought back in place, one thing at a time. */
export interface BrokerSwitch {
  readonly connection: Omit<RunningSoketi, "kill" | "pid" | "stop">;
  readonly freeze: (forMs: number) => Promise<void>;
  /** SIGKILL; its supervisor starts it again. */
  readonly kill: () => Promise<void>;
  /** Orderly, and away for a while, as in a deploy. */
  readonly restart: (forMs: number) => Promise<void>;
  /** Resolves when it answers and nothing is under way. */
  readonly isUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function createBrokerSwitch(): Promise<BrokerSwitch> {
  let soketi = await startSoketi({ restart: true });
  const { host, port, appId, key, secret } = soketi;
  let queue: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    queue = queue.then(work);
    return queue;
  };
  const answers = async () => {
    try {
      const signal = AbortSignal.timeout(1_000);
      return (await fetch(`http://${host}:${port}/ready`, { signal })).ok;
    } catch {
      return false;
    }
  };
  const comesUp = async () => {
    if (!(await until(answers, { timeoutMs: 20_000, everyMs: 50 }))) {
      throw new Error("Soketi did not come back.");
    }
  };

  return {
    connection: { host, port, appId, key, secret },
    freeze: (forMs) =>
      inTurn(async () => {
        const pid = soketi.pid();
        process.kill(pid, "SIGSTOP");
        await pause(forMs);
        process.kill(pid, "SIGCONT");
      }),
    kill: () =>
      inTurn(async () => {
        await soketi.kill();
        await comesUp();
      }),
    restart: (forMs) =>
      inTurn(async () => {
        await soketi.stop();
        await pause(forMs);
        soketi = await startSoketi({ port, restart: true });
      }),
    isUp: () => inTurn(comesUp),
    stop: () => inTurn(() => soketi.stop()),
  };
}
