-- Roles belong to the cluster, not to the database: each may exist already, or be created by another
-- database at this moment. None can log in; the login role of the application can only change into them,
-- for one transaction at a time (src/db/login-role.ts).
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['app_user', 'app_worker', 'app_auth', 'app_relay'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO app_user, app_worker, app_auth;
--> statement-breakpoint
CREATE SCHEMA app;
--> statement-breakpoint
GRANT USAGE ON SCHEMA app TO app_user, app_worker, app_auth;
--> statement-breakpoint
-- The viewer, from the session context of the transaction (src/db/envelope.ts). Null when signed out. A
-- setting that was set locally before reads as '' afterwards, so nullif is needed. Policies call these
-- functions in a scalar subquery, so that Postgres evaluates them once per query and not once per row.
CREATE FUNCTION app.viewer_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;
--> statement-breakpoint
CREATE FUNCTION app.viewer_role() RETURNS user_role
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_role', true), '')::user_role;
--> statement-breakpoint
CREATE FUNCTION app.viewer_writes() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(app.viewer_role() IN ('author', 'admin'), false);
