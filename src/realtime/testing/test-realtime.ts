import { type ChannelRef, type Contract, contract } from "../protocol/channel.ts";
import type { Sql } from "../server/ports.ts";
import { type Decision, decide, knownChannels, type Read } from "../server/route/decide.ts";
import { type Authority, authorize, type Rules } from "../server/route/rules.ts";
import type { Viewer } from "../server/viewer.ts";

type Registry = { readonly [contract]: Contract };

/** Options of {@link testRealtime}. */
export interface TestRealtimeOptions<V extends Viewer, Tx> {
  /**
   * Opens the viewer's read transaction, as for the route. With that of your application the rules are tested
   * under row-level security. Default: none, and a rule that uses `tx` fails.
   */
  readonly read?: Read<V, Tx>;
}

/** Evaluates access rules as the route does. Made by {@link testRealtime}. */
export interface TestRealtime<V extends Viewer> {
  as(viewer: V): {
    /** Whether the viewer may join the channel. @throws the error of the rule */
    canJoin(channel: ChannelRef): Promise<boolean>;
    /** The decision of the route for a channel name. `invalid`: the contract does not declare it. Never rejects. */
    decide(name: string): Promise<Decision | "invalid">;
  };
}

/**
 * Tests access rules without a route, a broker or a browser:
 *
 * ```ts
 * const realtime = testRealtime(channels, { rules, read });
 * expect(await realtime.as(reader).canJoin(channels.resource(draft))).toBe(false);
 * ```
 */
export function testRealtime<Channels extends Registry, V extends Viewer = Viewer, Tx = Sql>(
  channels: Channels,
  options: TestRealtimeOptions<V, Tx> & { readonly rules: Rules<Channels, V, Tx> },
): TestRealtime<V>;
/** Takes the result of `authorize` in place of the registry and the rules. */
export function testRealtime<V extends Viewer = Viewer, Tx = Sql>(
  authority: Authority<V, Tx>,
  options?: TestRealtimeOptions<V, Tx>,
): TestRealtime<V>;
export function testRealtime<V extends Viewer, Tx>(
  subject: Registry | Authority<V, Tx>,
  options: TestRealtimeOptions<V, Tx> & { readonly rules?: Rules<Registry, V, Tx> } = {},
): TestRealtime<V> {
  const { read = withoutDatabase, rules } = options;
  const authority = contract in subject ? authorize(subject, rules ?? {}) : subject;
  const ask = async (viewer: V, name: string, onError: (error: unknown) => void) => {
    const known = knownChannels(authority, [name]);
    const decisions = await decide({ authority, read, onError }, viewer, known);
    return decisions.get(name)?.decision ?? "invalid";
  };
  return {
    as: (viewer) => ({
      canJoin: async ({ name }) => {
        const errors: unknown[] = [];
        const decision = await ask(viewer, name, (error) => errors.push(error));
        if (decision === "unavailable") throw errors[0];
        return decision === "allowed";
      },
      decide: (name) => ask(viewer, name, () => {}),
    }),
  };
}

const withoutDatabase = <Tx, Result>(_viewer: Viewer, fn: (tx: Tx) => Promise<Result>) => {
  const tx: Sql = () =>
    Promise.reject(new TypeError("The rule reads the database. Pass `read` to testRealtime."));
  return fn(tx as Tx);
};
