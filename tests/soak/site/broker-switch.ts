import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { until } from "../../../scripts/parts/until.ts";

/** A Soketi on a fixed port that can be frozen, killed and restarted, one operation at a time. */
export interface BrokerSwitch {
  readonly connection: Omit<RunningSoketi, "kill" | "pid" | "stop">;
  readonly freeze: (forMs: number) => Promise<void>;
  /** Sends SIGKILL. The supervisor restarts it. */
  readonly kill: () => Promise<void>;
  /** Stops it orderly and starts it after a while, as in a deploy. */
  readonly restart: (forMs: number) => Promise<void>;
  /** Resolves when it answers and no operation is running. */
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
      throw new Error("Soketi did not restart within 20 s.");
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
