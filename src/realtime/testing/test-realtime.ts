import { type ChannelRef, type Contract, contract } from "../protocol/channel.ts";
import { type Decision, decide, knownChannels, type Read } from "../server/decide.ts";
import type { Sql } from "../server/ports.ts";
import { type Authority, authorize, type Rules } from "../server/rules.ts";
import type { Viewer } from "../server/viewer.ts";

type Registry = { readonly [contract]: Contract };

export interface TestRealtimeOptions<V extends Viewer, Tx> {
  /**
   * Opens the viewer's read transaction, as the route does it; give the one of your application and the
   * rules are tested under row-level security. Default: none, and a rule that uses `tx` fails.
   */
  readonly read?: Read<V, Tx>;
}

/** Asks rules what the route would ask them. */
export interface TestRealtime<V extends Viewer> {
  as(viewer: V): {
    /** Whether the viewer may join the channel. @throws what the rule throws */
    canJoin(channel: ChannelRef): Promise<boolean>;
    /** What the route would answer for a channel name, whatever the name is: never throws. */
    decide(name: string): Promise<Decision>;
  };
}

/**
 * Tests rules without a route, a broker or a browser:
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
/** The same for registry and rules as `authorize` joined them. */
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
    return decisions.get(name) ?? "denied";
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
    Promise.reject(new TypeError("This rule reads the database: give testRealtime your `read`."));
  return fn(tx as Tx);
};
