/**
 * Which cluster this is, and on which timeline. Some providers refuse the functions that read the control file; what
 * they refuse is left out, and the timeline is then read from the name of the current WAL file where that is
 * allowed. Where neither is, a cluster that was restored or promoted in place looks like the one before.
 *
 * The text is the same as before for a cluster that refuses nothing, so cursors stay valid.
 */
export const clusterIdentity = `
  create or replace function querycast.cluster_identity() returns text
  language plpgsql stable security definer set search_path = pg_catalog
  as $identity$
  declare
    cluster text;
    timeline text;
  begin
    begin
      cluster := (select system_identifier from pg_control_system());
    exception when others then null;
    end;
    begin
      timeline := (select timeline_id from pg_control_checkpoint());
    exception when others then
      begin
        timeline := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int;
      exception when others then null;
      end;
    end;
    return concat_ws(' ', cluster, timeline);
  end
  $identity$;`;
