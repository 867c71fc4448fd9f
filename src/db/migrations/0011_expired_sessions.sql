-- An expired session is ended like a revoked one: the mark on its row revokes the channels that only its
-- person may read. A job calls this function; several may do so at once. It runs as the owner of the
-- tables, so that drafts and private gists are found as well.
CREATE INDEX "sessions_unended" ON "sessions" USING btree ("expires_at") WHERE "sessions"."revoked_at" is null;
--> statement-breakpoint
CREATE FUNCTION app.end_expired_sessions(most integer) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  UPDATE sessions SET revoked_at = now()
  WHERE id IN (
    SELECT id FROM sessions WHERE revoked_at IS NULL AND expires_at <= now()
    ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED
  )
  RETURNING user_id
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_expired_sessions(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.end_expired_sessions(integer) TO app_auth;
