/**
 * A revocation writes a row to the log in the same transaction. The row contains the previous access epoch, so that
 * the relay can notify the subscribers of the previous wire name.
 */
export const revocation = {
  version: 3,
  body: `
  -- After the commit, signals of the channel go to a wire name for which no earlier signature is valid.
  create or replace function querycast.bump_access_epoch(channel text) returns integer
  language plpgsql security definer set search_path = pg_catalog
  as $$
  #variable_conflict use_column
  declare raised integer;
  begin
    insert into querycast.access_epochs as current (channel) values (bump_access_epoch.channel)
    on conflict (channel) do update set epoch = current.epoch + 1
    returning epoch into raised;

    insert into querycast.signals (channel, name, ids)
    values (bump_access_epoch.channel, 'querycast.moved', format('{"epochId":"%s"}', raised - 1));

    -- After the insert, as in append_signals.
    if (select last_value from querycast.relay_sleeps_until)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return raised;
  end
  $$;
`,
} as const;
