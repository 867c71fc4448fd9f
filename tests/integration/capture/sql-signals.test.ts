import { afterAll, beforeAll, expect, test } from "vitest";
import { isChannelName } from "@/channels/channel-name.ts";
import { kinds, liveDataList } from "@/channels/index.ts";
import { auditActions } from "@/features/admin/audit/components/audit-words.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
});
afterAll(() => site.close());

/**
 * The texts in quotes of all functions that use the signal log, and the arguments of their triggers. Names of settings
 * and tables are left out.
 */
async function textsOfFunctions(): Promise<readonly string[]> {
  const rows = await site.owner<{ source: string }[]>`
    with functions as (
      select p.oid, p.prosrc from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname not in ('querycast', 'pg_catalog', 'information_schema') and p.prosrc like '%querycast.%'
    )
    select prosrc as source from functions
    union all select pg_get_triggerdef(t.oid) from pg_trigger t join functions f on f.oid = t.tgfoid`;
  return rows.flatMap(({ source }) =>
    [...source.matchAll(/(?<!(?:current_setting|has_table_privilege)\()'([^']*)'/g)].map(
      ([, text]) => text ?? "",
    ),
  );
}

const declared = new Set(liveDataList.flatMap(({ on }) => Object.values(on).flatMap(Object.keys)));
const anId = "00000000-0000-7000-8000-000000000001";

/** Whether an id makes it the name of a channel, or the pattern of a channel begins with it. */
const isChannel = (prefix: string) =>
  isChannelName(prefix + anId) ||
  Object.values(kinds).some(({ pattern }) => pattern.startsWith(`${prefix}{`));

/** Starts of channel names and names of signals that the contract lacks. */
async function unknownNames(): Promise<readonly string[]> {
  const texts = await textsOfFunctions();
  const prefixes = texts.filter((text) => /^([a-z][a-z-]*\.)+$/.test(text));
  const names = texts.filter((text) => /^[a-z][a-z-]*\.[a-z][a-z-]*$/.test(text));
  return [
    ...prefixes.filter((prefix) => !isChannel(prefix)),
    ...names.filter((name) => !declared.has(name) && !auditActions.includes(name)),
  ];
}

test("functions and triggers of the database name only channels and signals of the contract", async () => {
  const texts = await textsOfFunctions();
  expect(texts).toEqual(expect.arrayContaining(["user.", "resource.gist.", "session.revoked"]));
  expect(await unknownNames()).toEqual([]);
});

test("a function or a trigger that names another channel or signal is found", async () => {
  await site.owner.unsafe(`
    create function app.publishes_unknown() returns trigger language plpgsql as $$
    begin
      perform querycast.append_signals(
        json_build_array(json_build_object('channel', 'crew.' || NEW.id, 'name', TG_ARGV[0], 'ids', null)),
        null, null);
      return null;
    end
    $$;
    create trigger unknown after insert on tags
      for each row execute function app.publishes_unknown('crew.renamed')`);
  expect([...(await unknownNames())].sort()).toEqual(["crew.", "crew.renamed"]);
});
