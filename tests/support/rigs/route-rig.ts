import { randomUUID } from "node:crypto";
import { type CatchUpResult, channel, defineChannels, ids } from "querycast";
import {
  authorize,
  type Broker,
  byRls,
  createRealtimeHandler,
  createSignalLog,
  type RealtimeHandler,
  type RealtimeHandlerOptions,
  type RuleContext,
  type Sql,
  type Viewer,
} from "querycast/server";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { sharedSoketi } from "../broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../database/log-database.ts";

export const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed"),
  broken: channel("broken.{thingId}"),
});
type Options = RealtimeHandlerOptions<Viewer, Sql>;
export const origin = "https://inkwell.test";
export const secret = "a secret of at least 32 characters";
const run = randomUUID().slice(0, 8);
/** Ada's articles: everyone can read `public`, only Ada can read `draft`. */
export const article = (name: string) => `article.${name}-${run}`;
const sessions = new Map([
  ["session=ada", "ada"],
  ["session=bob", "bob"],
]);

export type Init = Omit<RequestInit, "body"> & { readonly body?: unknown; readonly raw?: BodyInit };
/** Default: a request by Bob from a page of the site. */
function requestOf({ body, raw, headers, ...init }: Init): Request {
  return new Request(`${origin}/api/realtime`, {
    method: "POST",
    body: raw ?? JSON.stringify(body),
    ...init,
    headers: { cookie: "session=bob", origin, "content-type": "application/json", ...headers },
    ...(raw instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
}
export const socketId = "1234.5678";
export const joining = (names: readonly unknown[], more: object = {}) => ({
  v: 1,
  type: "join",
  socketId,
  channels: names,
  ...more,
});
export const catchingUp = (questions: Record<string, string | null>) => ({
  v: 1,
  type: "catch-up",
  channels: Object.entries(questions).map(([name, cursor]) => ({ channel: name, cursor })),
});
/** Text that no refusal may contain. */
export const signatures = /:[0-9a-f]{64}/;

/** The route as on the site, except for the session: the cookie contains the user id instead. */
export interface RouteRig {
  readonly database: LogDatabase;
  readonly broker: Broker;
  readonly route: RealtimeHandler;
  /** Another route on the same database and broker. */
  createRoute(options?: Partial<Options>): RealtimeHandler;
  /** The rules' database queries. */
  readonly statements: string[];
  /** Errors that were logged for failed requests. */
  readonly errors: unknown[];
  send(init: Init, handler?: RealtimeHandler): Promise<Answer>;
  /** Sends a catch-up request. */
  ask(questions: Record<string, string | null>, cookie?: string): Promise<CatchUpResult[]>;
  close(): Promise<void>;
}
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

export async function createRouteRig(): Promise<RouteRig> {
  const database = await createLogDatabase();
  await database.writer`insert into articles values
    (${`public-${run}`}, 'ada', true), (${`draft-${run}`}, 'ada', false)`;
  const broker = createPusherBroker({ ...sharedSoketi(), tls: false });
  const errors: unknown[] = [];
  const statements: string[] = [];

  const createRoute = (options: Partial<Options> = {}) =>
    createRealtimeHandler<Viewer, Sql>({
      authority: authorize(channels, {
        user: ({ userId }, { viewer }: RuleContext<Viewer, Sql>) => userId === viewer.id,
        article: byRls(({ articleId }, { tx }) => tx`select from articles where id = ${articleId}`),
        broken: byRls(({ thingId }, { tx }) => tx`select from no_such_table where id = ${thingId}`),
      }),
      getViewer: async (request) => {
        const id = sessions.get(request.headers.get("cookie") ?? "");
        return id === undefined ? null : { id };
      },
      read: (viewer, fn) =>
        database.reader.begin("read only", async (tx) => {
          await tx`select set_config('app.user_id', ${viewer.id}, true)`;
          const sql = port(tx);
          return fn((text, ...values) => {
            statements.push(text.join("?"));
            return sql(text, ...values);
          });
        }) as never,
      log: createSignalLog({ sql: port(database.reader) }),
      broker,
      secret,
      allowedOrigins: [origin],
      rateLimit: { take: () => 0 },
      onError: (error) => errors.push(error),
      ...options,
    });
  const route = createRoute();
  const send = async (init: Init, handler = route): Promise<Answer> => {
    const response = await handler(requestOf(init));
    const text = await response.text();
    return { status: response.status, text, headers: response.headers, body: JSON.parse(text) };
  };

  return {
    database,
    broker,
    route,
    createRoute,
    statements,
    errors,
    send,
    ask: async (questions, cookie = "session=bob") =>
      (await send({ body: catchingUp(questions), headers: { cookie } })).body.results,
    close: async () => {
      broker.close();
      await database.close();
    },
  };
}
