import { contract } from "querycast";
import { createEphemeral, type Ephemeral } from "querycast/server";
import { channels } from "@/channels/index.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { rollout } from "./access/rollout.ts";
import { broker } from "./broker/broker.ts";
import { signalLog } from "./relay/signal-log.ts";

/** The ephemeral channels of this process: `docs/ephemeral.md`. */
export const ephemeral = () =>
  singleton("ephemeral", () =>
    createEphemeral({
      channels,
      log: signalLog(),
      broker: broker(),
      onError: (error) => log.warn("a message could not be delivered", { error }),
    }),
  );

/**
 * Sends a message from an action, a route handler or a job, unless its kind or its phase is off for all viewers.
 * Actions use `send` of their context, which sends after the commit.
 */
export const sendMessage: Ephemeral["send"] = async (ref, message) => {
  const { stages } = await rollout().current();
  const phase = channels[contract].kinds.get(ref.kind)?.phase ?? 0;
  const isOff = [stages.kinds[ref.kind], stages.phases[phase]].some(
    (stage) => stage?.status === "off",
  );
  if (!isOff) await ephemeral().send(ref, message);
};
