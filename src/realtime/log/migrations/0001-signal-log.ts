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

  -- What may be stored, as types: a check on a table is planned anew for each statement, one on a type
  -- is kept, which makes an insert twice as fast.
  create domain querycast.channel_name as text collate "C" check (
    octet_length(value) <= 144 and value ~ '^[a-z][a-z0-9-]*([.][A-Za-z0-9_=@,;-]+)*$'
  );
  create domain querycast.signal_name as text collate "C" check (
    octet_length(value) <= 100 and value ~ '^[a-z][a-z0-9-]*[.][a-z][a-z0-9-]*$'
  );
  -- {"commentId":"…"}: flat, keys that name ids, values from the id alphabet. Prose does not fit.
  create domain querycast.signal_ids as text collate "C" check (
    octet_length(value) <= 1024
    and value ~ '^[{](("[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")(,"[a-z][A-Za-z0-9]*Id":"[A-Za-z0-9_=@,;-]+")*)?[}]$'
  );
  create domain querycast.origin as text collate "C" check (
    octet_length(value) <= 64 and value ~ '^[A-Za-z0-9_=@,;-]+$'
  );

  create table querycast.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    created_at timestamptz not null default now(),
    channel querycast.channel_name not null,
    name querycast.signal_name not null,
    ids querycast.signal_ids,
    origin querycast.origin,
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
