import postgres from "postgres";
import Pusher from "pusher-js";
import { channels } from "@/channels/index.ts";
import type { Member } from "@/wiring/realtime/rules.ts";
import {
  type BrokerClientName,
  brokerClientNames,
  brokerClients,
} from "../support/broker-clients.ts";
import "../support/web-socket.ts";
import { sse } from "../../src/realtime/transports/sse/client.ts";
import type { BrokerSwitch } from "./broker-switch.ts";
import { fillChat } from "./chat-rows.ts";
import type { ChatCast } from "./chat-schedule.ts";
import { type ChatWriter, createChatWriter } from "./chat-writer.ts";
import { type ClaimWatch, createClaimWatch } from "./claims.ts";
import { createEavesdropper, type Eavesdropper } from "./eavesdropper.ts";
import type { Cast } from "./fault-schedule.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createLines, type Lines } from "./lines.ts";
import { createPerson, type Person } from "./person.ts";
import { createRandom } from "./random.ts";
import { createReads } from "./reads.ts";
import { recordPushes, recordReplays } from "./recorder.ts";
import type { ScenarioDatabase } from "./scenario-database.ts";
import { createSite, type Site } from "./site.ts";
import { fillWorld, type Inhabitant, type Page } from "./world-rows.ts";
import { createWriter, type Writer } from "./write.ts";

// The default socket of pusher-js in Node keeps the process alive for 30 s after an unanswered close.
Pusher.Runtime.createWebSocket = (url) =>
  new WebSocket(url) as unknown as ReturnType<typeof Pusher.Runtime.createWebSocket>;

const size = { people: 12, articles: 3, gists: 3 };
/** Some people have a second page, which is served by a stream. */
const streams = 4;
/** Longest time of a request or an answer of these pages. */
const travelMs = 150;
const relays = 2;

/** Everything of one scenario: a site, its users, and the connections between them. */
export interface World {
  readonly cast: Cast;
  readonly chatCast: ChatCast;
  /** Those over the broker, then those over streams. */
  readonly people: readonly Person[];
  readonly inhabitants: readonly Inhabitant[];
  readonly pages: readonly Page[];
  readonly site: Site;
  readonly writer: Writer;
  readonly chatWriter: ChatWriter;
  readonly broker: BrokerSwitch;
  readonly lines: Lines;
  readonly ledger: Ledger;
  /** Checks the live status of the pages (I6). */
  readonly claims: ClaimWatch;
  /** Whether one relay leads and has delivered everything. */
  readonly isRelayed: () => boolean;
  /** A connection as the database owner, without row-level security. */
  readonly owner: postgres.Sql;
  readonly eavesdropper: Eavesdropper;
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly database: ScenarioDatabase;
  readonly postgresPort: number;
  readonly broker: BrokerSwitch;
  readonly say: (what: string) => void;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { seed, database, broker, say } = options;
  const owner = postgres(database.ownerUrl, { max: 3, onnotice: () => {} });
  const { people: inhabitants, pages } = await fillWorld(owner, createRandom(seed, "world"), size);
  const chat = await fillChat(owner, createRandom(seed, "chat"), inhabitants);
  const { connection: soketi } = broker;
  const lines = await createLines({
    people: size.people,
    relays,
    broker: soketi,
    postgres: { host: soketi.host, port: options.postgresPort },
  });
  const ledger = createLedger();
  const claims = createClaimWatch();
  const random = createRandom(seed, "site");
  const site = await createSite({
    database,
    soketi,
    lines,
    relays,
    random,
    say,
    relayFailed: claims.relayFailed,
  });
  for (let who = 0; who < streams; who += 1) {
    await lines.lay({ of: "stream", who: size.people + who }, site.streams.address);
  }
  const writer = createWriter({ site, owner, ledger, random: createRandom(seed, "ids") });

  const asMember = ({ viewer }: Inhabitant, session: string): Member => ({
    id: viewer.userId,
    role: viewer.role,
    sessionId: `${session} ${viewer.userId}`,
  });
  const routeFor = (member: Member, over: "broker" | "streams" = "broker") =>
    recordReplays(
      (path, init) =>
        site.handle(over, member, new Request(new URL(String(path), "http://site.test"), init)),
      member.id,
      ledger,
    );
  const connectOver = (
    client: BrokerClientName,
    { host, port }: { host: string; port: number },
    viewerId: string,
  ) => {
    const page = brokerClients[client]();
    const transport = page.transport({ key: soketi.key, host, port });
    return { transport: recordPushes(transport, viewerId, ledger), close: page.close };
  };

  const overStream = ({ host, port }: { host: string; port: number }, member: Member) =>
    sse({
      endpoint: `http://${host}:${port}/`,
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...init?.headers, ...site.streams.headerOf(member) } }),
    });

  const named = pages.map((page, index) => ({ ...page, name: `thread of page ${index}` }));
  const overBroker = inhabitants.map((inhabitant, who) => {
    const own = createRandom(seed, "person", who);
    const { userId } = inhabitant.viewer;
    return createPerson({
      name: inhabitant.name,
      userId,
      reads: createReads(site.contexts, inhabitant.viewer, own.some(named), chat),
      connect: () =>
        connectOver(
          brokerClientNames[who % brokerClientNames.length] ?? "slim",
          lines.address({ of: "person", who }),
          userId,
        ),
      fetch: routeFor(asMember(inhabitant, "tab")),
      random: own,
      say,
    });
  });
  const overStreams = inhabitants.slice(0, streams).map((inhabitant, index) => {
    const who = size.people + index;
    const own = createRandom(seed, "stream", index);
    const member = asMember(inhabitant, "stream");
    return createPerson({
      name: `${inhabitant.name} over a stream`,
      userId: member.id,
      reads: createReads(site.contexts, inhabitant.viewer, own.some(named), chat),
      connect: () => {
        const transport = overStream(lines.address({ of: "stream", who }), member);
        return { transport: recordPushes(transport, member.id, ledger), close: () => {} };
      },
      fetch: routeFor(member, "streams"),
      travel: () => new Promise((resolve) => setTimeout(resolve, own.between(0, travelMs))),
      random: own,
      say,
    });
  });
  const people = [...overBroker, ...overStreams];
  // A user without pages may read only public ones.
  const owners = new Set(pages.map(({ ownerId }) => ownerId));
  const stranger = inhabitants.find(({ viewer }) => !owners.has(viewer.userId)) ?? inhabitants[0];
  if (stranger === undefined) throw new Error("A world needs at least one person.");
  const eavesdropper = createEavesdropper({
    transport: connectOver("slim", soketi, stranger.viewer.userId).transport,
    fetch: routeFor(asMember(stranger, "eavesdropper")),
    channels: pages.map(({ ref }) => channels.resource(ref).name),
  });

  return {
    cast: {
      people: size.people,
      pages: pages.length,
      gists: pages.flatMap(({ ref }, index) => (ref.resourceType === "gist" ? [index] : [])),
      relays,
    },
    chatCast: {
      writers: size.people,
      answers: chat.answers.length,
      streams: overStreams.map((_, index) => size.people + index),
    },
    people,
    inhabitants,
    pages,
    site,
    writer,
    chatWriter: createChatWriter(site.contexts, chat, createRandom(seed, "chat ids")),
    broker,
    lines,
    ledger,
    claims,
    isRelayed: () => {
      const healths = site.relays.map(({ relay }) => relay.health());
      const [leader, ...others] = healths.filter(({ state }) => state === "leading");
      return leader?.backlog === 0 && others.length === 0;
    },
    owner,
    eavesdropper,
    close: async () => {
      for (const person of people) person.close();
      eavesdropper.close();
      await site.close();
      await lines.close();
      await owner.end({ timeout: 1 });
    },
  };
}
