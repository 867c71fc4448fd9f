import { kinds, liveDataList } from "@/channels/index.ts";
import { messageTitles } from "@/channels/messages.ts";
import type { OperatorContext, ReadContext } from "@/wiring/context-types.ts";
import { listSettings } from "./list-settings.ts";
import { type RolloutView, switchableKinds } from "./schema.ts";

const switchedOn = { status: "on" } as const;

/** Live data by signals, and messages by the one kind that carries them. */
const allData = [
  ...liveDataList.map(({ title, phase, on }) => ({ title, phase, kinds: Object.keys(on) })),
  ...Object.entries(messageTitles).map(([kind, title]) => {
    const { phase } = kinds[kind as keyof typeof messageTitles];
    return { title, phase, kinds: [kind] };
  }),
];

/**
 * The current rollout, with the subscriptions of each kind.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins.
 */
export async function describeRollout(
  ctx: ReadContext,
  operator: Pick<OperatorContext, "stages" | "countSubscriptions" | "countsOneProcess">,
): Promise<RolloutView> {
  const [settings, stages, counts] = await Promise.all([
    listSettings(ctx),
    operator.stages(),
    operator.countSubscriptions(),
  ]);
  return {
    kinds: switchableKinds.map((kind) => {
      const { pattern } = kinds[kind as keyof typeof kinds];
      const own = allData.filter((data) => data.kinds.includes(kind));
      const set = settings.kinds.find((each) => each.kind === kind);
      const busy = [...(counts ?? [])].filter(([channel]) => headOf(channel) === headOf(pattern));
      return {
        kind,
        pattern,
        phases: unique(own.map(({ phase }) => phase)),
        rows: own.map(({ title }) => title),
        stage: stages.kinds[kind] ?? switchedOn,
        audience: stages.audiences[kind] ?? "everyone",
        options: set?.options ?? stages.options[kind] ?? {},
        isSet: set !== undefined && set.stage !== null,
        channels: busy.length,
        subscriptions: busy.reduce((sum, [, count]) => sum + count, 0),
      };
    }),
    phases: unique(allData.map(({ phase }) => phase)).map((phase) => ({
      phase,
      rows: allData.filter((data) => data.phase === phase).map(({ title }) => title),
      stage: stages.phases[phase] ?? switchedOn,
      isSet: settings.phases.some((set) => set.phase === phase),
    })),
    bans: settings.bans,
    names: settings.names,
    isCounted: counts !== null,
    connections: counts?.get(kinds.site.pattern) ?? 0,
    countsOneProcess: operator.countsOneProcess,
  };
}

const headOf = (name: string) => name.split(".", 1)[0];
const unique = (numbers: readonly number[]) => [...new Set(numbers)].sort((one, two) => one - two);
