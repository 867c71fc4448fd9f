import { createPoisonedSignals } from "querycast/server";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { nameIds } from "@/db/rows/name-ids.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { log } from "@/lib/logging/log.ts";
import { auth } from "./auth.ts";
import { runJob } from "./context.ts";
import type { OperatorContext } from "./context-types.ts";
import { database } from "./database.ts";
import { metrics } from "./metrics/metrics.ts";
import { noteAct } from "./note-act.ts";
import { createExplainAccess } from "./realtime/access/explain-access.ts";
import { rollout } from "./realtime/access/rollout.ts";
import { broker, hub } from "./realtime/broker/broker.ts";
import { countSubscriptions } from "./realtime/broker/count-subscriptions.ts";
import { relay, signalInspector } from "./realtime/realtime.ts";
import { readDelivery } from "./realtime/relay/read-delivery.ts";
import { readLog } from "./realtime/relay/signal-log.ts";

/**
 * Runs an operator query or action for an admin.
 *
 * @throws {AppError} `unauthenticated`, `forbidden`
 */
export async function asOperator<Result>(
  action: (context: OperatorContext) => Promise<Result>,
): Promise<Result> {
  const { userId, role } = await auth().getViewer();
  if (userId === null) throw new AppError("unauthenticated", "Sign in to do that.");
  const viewer = { userId, role };
  assertAdmin(viewer);
  const explain = createExplainAccess({
    database: database(),
    rollout: rollout(),
    onError: (error) => log.error("access check", { error }),
  });
  return action({
    viewer,
    signals: signalInspector(),
    poisoned: poisonedBy(userId),
    delivery: () =>
      readDelivery(viewer, {
        database: database(),
        readLog,
        hub: hub(),
        hasBroker: broker() !== null,
        relayHealth: () => relay()?.health() ?? null,
      }),
    browserReports: () => metrics().reports(),
    stages: async () => (await rollout().current()).stages,
    countSubscriptions,
    countsOneProcess: hub() !== null,
    names: (ids) => database().readAs(viewer, (tx) => nameIds(tx, ids)),
    explainAccess: (question) => explain(viewer, question),
  });
}

/** Retries and drops of a failed signal are recorded in the audit log in the same transaction. */
function poisonedBy(actorId: string): OperatorContext["poisoned"] {
  const act =
    (deed: "retry" | "drop", action: string) =>
    (position: string): Promise<boolean> =>
      runJob(async (ctx) => {
        const done = await createPoisonedSignals({ sql: toSql(ctx.tx) })[deed](position);
        if (done) await noteAct(ctx, { actorId, action, subject: `signal ${position}` });
        return done;
      });
  return {
    list: (options) =>
      database().asWorker((tx) => createPoisonedSignals({ sql: toSql(tx) }).list(options)),
    retry: act("retry", "signal.retried"),
    drop: act("drop", "signal.dropped"),
  };
}
