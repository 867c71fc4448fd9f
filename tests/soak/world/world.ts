import postgres from "postgres";
import { type ClaimWatch, createClaimWatch } from "../checks/claims.ts";
import { createLedger, type Ledger } from "../checks/ledger.ts";
import type { Eavesdropper } from "../people/eavesdropper.ts";
import { createMemberships, type Memberships } from "../people/memberships.ts";
import { createPeople } from "../people/people.ts";
import type { Person } from "../people/person.ts";
import { createRandom } from "../random.ts";
import type { ChatCast } from "../schedule/chat-schedule.ts";
import type { Cast } from "../schedule/fault-schedule.ts";
import type { BrokerSwitch } from "../site/broker-switch.ts";
import { createLines, type Lines } from "../site/lines.ts";
import type { ScenarioDatabase } from "../site/scenario-database.ts";
import { createSite, type Site } from "../site/site.ts";
import { fillChat } from "./chat-rows.ts";
import { type ChatWriter, createChatWriter } from "./chat-writer.ts";
import { fillWorld, type Inhabitant, type Page } from "./world-rows.ts";
import { createWriter, type Writer } from "./write.ts";

const size = { people: 12, articles: 3, gists: 3 };
/** Some people have a second page, which is served by a stream. */
const streams = 4;
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
  readonly memberships: Memberships;
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
  // A user without pages may read only public ones.
  const owners = new Set(pages.map(({ ownerId }) => ownerId));
  const stranger = inhabitants.find(({ viewer }) => !owners.has(viewer.userId)) ?? inhabitants[0];
  if (stranger === undefined) throw new Error("A world needs at least one person.");
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

  const memberships = createMemberships({ contexts: site.contexts, owner, chat, ledger });

  const { overBroker, overStreams, eavesdropper } = createPeople({
    seed,
    inhabitants,
    pages,
    chat,
    site,
    lines,
    ledger,
    soketi,
    streams,
    memberships,
    stranger,
    say,
  });
  const people = [...overBroker, ...overStreams];

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
      // The eavesdropper of the stranger keeps its signatures. The others have a page over each transport.
      removable: [stranger, ...inhabitants.slice(0, streams)]
        .filter((each, index, all) => each !== chat.founder && all.indexOf(each) === index)
        .map((each) => inhabitants.indexOf(each)),
    },
    people,
    inhabitants,
    pages,
    site,
    writer,
    chatWriter: createChatWriter({
      contexts: site.contexts,
      chat,
      ledger,
      random: createRandom(seed, "chat ids"),
    }),
    memberships,
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
