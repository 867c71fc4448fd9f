/**
 * Identifies the cluster and its timeline. Some providers deny the functions that read the control file: the timeline
 * is then read from the name of the current WAL file. Where that is denied too, a cluster that was restored or
 * promoted in place cannot be distinguished from the one before.
 *
 * Where nothing is denied the text is the same as in earlier versions, so that cursors stay valid.
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
