import Pusher from "pusher-js";
import { channels } from "@/channels/index.ts";
import type { SiteViewer } from "@/wiring/realtime/access/rules.ts";
import {
  type BrokerClientName,
  brokerClientNames,
  brokerClients,
} from "../../support/broker/broker-clients.ts";
import "../../support/runner/web-socket.ts";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import type { Ledger } from "../checks/ledger.ts";
import { createRandom } from "../random.ts";
import type { BrokerSwitch } from "../site/broker-switch.ts";
import type { Lines } from "../site/lines.ts";
import type { Site } from "../site/site.ts";
import type { fillChat } from "../world/chat-rows.ts";
import type { Inhabitant, Page } from "../world/world-rows.ts";
import { createEavesdropper } from "./eavesdropper.ts";
import type { Memberships } from "./memberships.ts";
import { createPerson } from "./person.ts";
import { createReads } from "./reads.ts";
import { recordPushes, recordReplays } from "./recorder.ts";

// The default socket of pusher-js in Node keeps the process alive for 30 s after an unanswered close.
Pusher.Runtime.createWebSocket = (url) =>
  new WebSocket(url) as unknown as ReturnType<typeof Pusher.Runtime.createWebSocket>;

/** Longest time of a request or an answer of a page over a stream. */
const travelMs = 150;

export interface PeopleOptions {
  readonly seed: number;
  readonly inhabitants: readonly Inhabitant[];
  readonly pages: readonly Page[];
  readonly chat: Awaited<ReturnType<typeof fillChat>>;
  readonly site: Site;
  readonly lines: Lines;
  readonly ledger: Ledger;
  readonly soketi: BrokerSwitch["connection"];
  /** How many have a second page, over a stream. */
  readonly streams: number;
  readonly memberships: Memberships;
  /** Connected without a right, see {@link createEavesdropper}. */
  readonly stranger: Inhabitant;
  readonly say: (what: string) => void;
}

/** The people of a site with their pages, and the eavesdropper. */
export function createPeople(options: PeopleOptions) {
  const { seed, inhabitants, pages, chat, site, lines, ledger, soketi, streams, say } = options;
  const { memberships, stranger } = options;

  const asMember = ({ viewer }: Inhabitant, session: string): SiteViewer => ({
    id: viewer.userId,
    role: viewer.role,
    sessionId: `${session} ${viewer.userId}`,
  });
  const routeFor = (member: SiteViewer, over: "broker" | "streams" = "broker") =>
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

  const overStream = ({ host, port }: { host: string; port: number }, member: SiteViewer) =>
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
      reads: createReads(site.contexts, inhabitant.viewer, own.some(named), chat, memberships),
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
    const who = inhabitants.length + index;
    const own = createRandom(seed, "stream", index);
    const member = asMember(inhabitant, "stream");
    return createPerson({
      name: `${inhabitant.name} over a stream`,
      userId: member.id,
      reads: createReads(site.contexts, inhabitant.viewer, own.some(named), chat, memberships),
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
  const eavesdropper = createEavesdropper({
    transport: connectOver("slim", soketi, stranger.viewer.userId).transport,
    fetch: routeFor(asMember(stranger, "eavesdropper")),
    channels: [
      ...pages.map(({ ref }) => channels.resource(ref).name),
      channels.chat({ publicationId: chat.publicationId }).name,
    ],
  });

  return { overBroker, overStreams, eavesdropper };
}
