/**
 * The signal log. Three choices carry the design:
 *
 * - A row knows its transaction (`xid`), and rows are read in the order (`xid`, `position`). What is
 *   new since a snapshot is then an exact question; a sequence alone would skip late commits.
 * - Rows are slim: no index beside the two that reading needs, ids as compact text, and a signal's id
 *   is computed when it is read. Writers pay for every byte, readers are few.
 * - The doorbell's switch is a sequence, read and written outside of MVCC: a writer sees it as it is
 *   now, in any isolation level, without a lock, and turning it leaves no dead rows. It holds the time
 *   until which the relay sleeps, so the switch of a dead relay turns itself off: NOTIFY takes a
 *   database-wide lock through the commit, and writers must not pay for that in vain.
 */
export const signalLog = {
  version: 1,
  body: `
  create table querycast.log (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid(),
    -- Cursors below it ask for rows that are gone.
    floor xid8 not null default '0'
  );
  insert into querycast.log default values;

  create table querycast.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    created_at timestamptz not null default now(),
    channel text collate "C" not null
      constraint signals_channel check (
        octet_length(channel) <= 144 and channel ~ '^[a-z][a-z0-9-]*([.][A-Za-z0-9_=@,;-]+)*$'
      ),
    name text collate "C" not null
      constraint signals_name check (
        octet_length(name) <= 100 and name ~ '^[a-z][a-z0-9-]*[.][a-z][a-z0-9-]*$'
      ),
    -- {"commentId":"…"}: flat, keys that name ids, values from the id alphabet. Prose does not fit.
    ids text collate "C"
      constraint signals_ids check (
        octet_length(ids) <= 1024
        and ids ~ '^[{](("[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*)?[}]$'
      ),
    origin text collate "C"
      constraint signals_origin check (octet_length(origin) <= 64 and origin ~ '^[A-Za-z0-9_=@,;-]+$'),
    primary key (xid, position)
  );
  create index signals_by_channel on querycast.signals (channel, xid);

  -- One publish under one key, however often and however concurrently it is tried.
  create table querycast.idempotency_keys (
    key text collate "C" primary key check (octet_length(key) between 1 and 256),
    created_at timestamptz not null default now()
  );

  create table querycast.access_epochs (
    channel text collate "C" primary key,
    epoch integer not null default 1
  );

  -- How far the relay has come. Written once per batch: room on the page keeps the updates in place.
  create table querycast.relay (
    one boolean primary key default true check (one),
    log_epoch text,
    position text
  ) with (fillfactor = 10);
  insert into querycast.relay default values;
  create sequence querycast.relay_sleeps_until minvalue 0 start 0;
`,
} as const;
