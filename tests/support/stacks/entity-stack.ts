import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import postgres from "postgres";
import { type OutgoingSignal, signal } from "querycast";
import { createPublisher, createSignalLog } from "querycast/server";
import { createLogDatabase, port } from "../database/log-database.ts";
import { type ChatPage, type ChatPageOptions, openChatPage } from "./entity-page.ts";
import { type ChatServerState, entityChannels, startChatServer } from "./entity-server.ts";

/** A database with contents of chats. The role `chat_reader` may read those of one chat. */
export async function createChatDatabase() {
  const database = await createLogDatabase();
  const statements: string[] = [];
  /** One connection: a new one would add statements of its own. */
  const counted = postgres(database.writerUrl, {
    max: 1,
    onnotice: () => {},
    debug: (_connection, statement) => statements.push(statement),
  });
  await database.owner.unsafe(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'log_test_topic') then
        create role log_test_topic;
      end if;
    end $$;
    grant log_test_topic to log_test_reader;
    create table contents (n bigint generated always as identity, id text primary key, chat_id text not null,
      version int not null default 1, text text not null);
    create table bans (chat_id text, user_id text, primary key (chat_id, user_id));
    grant select on bans to log_test_reader;
    alter table contents enable row level security;
    alter table contents force row level security;
    grant select on contents to log_test_topic, log_test_reader;
    grant select, insert, update on contents to log_test_writer;
    create policy topic on contents for select to log_test_topic
      using (chat_id = current_setting('app.chat_id', true));
    create policy viewer on contents for select to log_test_reader
      using ((chat_id not like 'secret%' or current_setting('app.user_id', true) = 'owner')
        and not exists (select from bans b
          where b.chat_id = contents.chat_id and b.user_id = current_setting('app.user_id', true)));
    create policy writer on contents for all to log_test_writer using (true) with check (true)`);
  const log = createSignalLog({ sql: port(database.reader) });
  const { publish } = createPublisher({ channels: entityChannels, log });
  const write = async (
    topic: string,
    texts: readonly string[],
    signalOf: (id: string) => OutgoingSignal,
  ) => {
    const rows = texts.map((text) => ({ id: randomUUID(), chat_id: topic, text }));
    await counted.begin(async (tx) => {
      await tx`insert into contents ${tx(rows)}`;
      await publish(
        rows.map(({ id }) => signalOf(id)),
        { tx: port(tx) },
      );
    });
    return rows.map(({ id }) => id);
  };
  return {
    ...database,
    log,
    /** The statements of `say` and `plot` so far. */
    statements,
    close: async () => {
      await counted.end({ timeout: 1 });
      await database.close();
    },
    /** Writes contents and publishes their ids in one transaction. Returns the ids. */
    say: (chatId: string, texts: readonly string[], announcedOn = chatId) =>
      write(chatId, texts, (contentId) =>
        signal(entityChannels.chat({ chatId: announcedOn }), "chat.content", { contentId }),
      ),
    /** Like `say`, for points of a chart. */
    plot: (chartId: string, texts: readonly string[]) =>
      write(chartId, texts, (pointId) =>
        signal(entityChannels.chart({ chartId }), "chart.point", { pointId }),
      ),
    publish: (...signals: readonly OutgoingSignal[]) =>
      database.writer.begin((tx) => publish(signals, { tx: port(tx) })),
    /** Ends the right of a viewer to a chat. Open streams are not notified. */
    ban: (chatId: string, userId: string) =>
      database.owner`insert into bans (chat_id, user_id) values (${chatId}, ${userId})`,
    /** Changes the text of a content. */
    edit: (chatId: string, id: string, text: string) =>
      database.writer.begin(async (tx) => {
        await tx`update contents set text = ${text}, version = version + 1 where id = ${id}`;
        const changed = signal(entityChannels.chat({ chatId }), "chat.content", { contentId: id });
        await publish([changed], { tx: port(tx) });
      }),
  };
}

export type ChatDatabase = Awaited<ReturnType<typeof createChatDatabase>>;

type PageOptions = Pick<ChatPageOptions, "beforeRead">;

/** What a process and its pages have in common, wherever the process runs. */
function withPages(
  database: ChatDatabase,
  urls: { readonly routeUrl: string; readonly streamsUrl: string },
) {
  const closers: (() => void)[] = [];
  return {
    /** A page of a viewer that shows the contents of a chat. */
    page: (chatId: string, viewerId = "reader", more: PageOptions = {}): ChatPage => {
      const page = openChatPage({ database, ...urls, chatId, viewerId, ...more });
      closers.push(page.close);
      return page;
    },
    closePages: () => {
      for (const close of closers) close();
    },
  };
}

/** A server with pages, in this process. */
export async function startChatProcess(database: ChatDatabase) {
  const server = await startChatServer(database.readerUrl);
  const { page, closePages } = withPages(database, server);
  return {
    ...server,
    page,
    close: async () => {
      closePages();
      await server.close();
    },
  };
}

/** A server with pages, in a child process. */
export async function startChatChild(database: ChatDatabase) {
  const child = fork(join(import.meta.dirname, "entity-child.ts"), [database.readerUrl], {
    execArgv: ["--import", "tsx"],
  });
  /** The next state that the process sends. It sends one at its start, and one for each message. */
  const nextState = async (): Promise<ChatServerState> => {
    const [state] = (await once(child, "message")) as [ChatServerState];
    return state;
  };
  const { routeUrl, streamsUrl } = await nextState();
  const { page, closePages } = withPages(database, { routeUrl, streamsUrl });
  return {
    pid: child.pid,
    page,
    /** The ids of each SELECT so far. */
    selects: async () => {
      const state = nextState();
      child.send("state");
      return (await state).selects;
    },
    close: async () => {
      closePages();
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
