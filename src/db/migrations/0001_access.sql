-- Access rights: roles, the session context of the viewer, then grants and policies of each table.

-- Roles belong to the cluster, not to the database: each may exist already, or be created by another
-- database at this moment. None can log in; the login role of the application can only change into them,
-- for one transaction at a time (src/db/login-role.ts).
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['app_user', 'app_worker', 'app_auth', 'app_relay', 'app_topic'] LOOP
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
CREATE SCHEMA app;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public, app TO app_user, app_worker, app_auth, app_relay, app_topic;
--> statement-breakpoint

-- The viewer, from the session context of the transaction (src/db/session-context.ts). Null when signed out. A
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
--> statement-breakpoint
CREATE FUNCTION app.viewer_is_admin() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(app.viewer_role() = 'admin', false);
--> statement-breakpoint

-- The page that a transaction has opened (src/db/open-page.ts). A hint, which every session that may send SQL
-- can set to any id: the policies that use it look the id up among the pages that the viewer may read, once per
-- statement.
CREATE FUNCTION app.opened_page() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.page', true), '')::uuid;
--> statement-breakpoint
-- The opened page, when it is an article or a gist that the viewer may read; else null. The policies of articles and
-- gists decide, since the functions run with the rights of their caller. As functions, a statement of a transaction that
-- has opened no page does not pay for the look-ups. Policies call them in a scalar subquery, so that Postgres evaluates
-- each at most once per statement. There are two, because an article and a gist may have the same id.
CREATE FUNCTION app.opened_article() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE
  page uuid := app.opened_page();
BEGIN
  IF page IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT id FROM public.articles WHERE id = page);
END
$$;
--> statement-breakpoint
CREATE FUNCTION app.opened_gist() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE
  page uuid := app.opened_page();
BEGIN
  IF page IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT id FROM public.gists WHERE id = page);
END
$$;
--> statement-breakpoint

-- The condition for reading an article or a gist, defined once for the policy and for the views of comment
-- counts. Postgres inlines both. The viewer is an argument so that callers can give a scalar subquery, which is
-- evaluated once per query. See docs/decisions/0031.
CREATE FUNCTION app.reads_article(
  published_at timestamptz, delete_at timestamptz, author_id uuid, viewer uuid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (published_at <= now() AND delete_at IS NULL) OR author_id = viewer;
--> statement-breakpoint
CREATE FUNCTION app.reads_gist(visibility text, owner_id uuid, viewer uuid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN visibility = 'public' OR owner_id = viewer;
--> statement-breakpoint

-- All tables deny by default, for their owner too (FORCE). The policies below list what is allowed.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
  END LOOP;
END
$$;
--> statement-breakpoint

-- users: the profile is public. No role has a grant on the column role; app.change_role changes it.
GRANT SELECT, UPDATE (name, bio, avatar_url) ON users TO app_user;
--> statement-breakpoint
GRANT SELECT ON users TO app_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON users TO app_auth;
--> statement-breakpoint
CREATE POLICY users_read ON users FOR SELECT TO app_user, app_worker, app_auth USING (true);
--> statement-breakpoint
CREATE POLICY users_update_self ON users FOR UPDATE TO app_user
  USING (id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY users_sign_up ON users FOR INSERT TO app_auth WITH CHECK (role = 'reader');
--> statement-breakpoint

-- credentials: readable by sign-in only.
GRANT SELECT, INSERT, UPDATE (password_hash) ON credentials TO app_auth;
--> statement-breakpoint
CREATE POLICY credentials_auth ON credentials TO app_auth USING (true);
--> statement-breakpoint

-- sessions: the owner lists and revokes; admins can read and end all; sign-in writes and looks up. A revocation
-- is final: WITH CHECK refuses to clear the mark.
GRANT SELECT, UPDATE (revoked_at) ON sessions TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (last_seen_at, revoked_at), DELETE ON sessions TO app_auth;
--> statement-breakpoint
CREATE POLICY sessions_own ON sessions FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY sessions_revoke_own ON sessions FOR UPDATE TO app_user
  USING (user_id = (SELECT app.viewer_id())) WITH CHECK (revoked_at IS NOT NULL);
--> statement-breakpoint
CREATE POLICY sessions_admin_read ON sessions FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY sessions_admin_revoke ON sessions FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (revoked_at IS NOT NULL);
--> statement-breakpoint
CREATE POLICY sessions_auth ON sessions TO app_auth USING (true);
--> statement-breakpoint

-- user_bans: admins write them, but not for themselves; sign-in and the relay read them.
GRANT SELECT, INSERT, DELETE ON user_bans TO app_user;
--> statement-breakpoint
GRANT SELECT ON user_bans TO app_auth, app_relay;
--> statement-breakpoint
CREATE POLICY user_bans_read ON user_bans FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY user_bans_write ON user_bans FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND user_id <> (SELECT app.viewer_id())
    AND created_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY user_bans_lift ON user_bans FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY user_bans_look_up ON user_bans FOR SELECT TO app_auth, app_relay USING (true);
--> statement-breakpoint

-- rate_limits: counted while signing in and up.
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO app_auth;
--> statement-breakpoint
CREATE POLICY rate_limits_auth ON rate_limits TO app_auth USING (true);
--> statement-breakpoint

-- articles: published ones are public. Drafts, and articles with a deletion date, are readable by their author
-- only. The worker removes an article on its deletion date.
GRANT SELECT, INSERT, DELETE, UPDATE (slug, title, excerpt, body, published_at, updated_at, delete_at)
  ON articles TO app_user;
--> statement-breakpoint
GRANT SELECT, DELETE ON articles TO app_worker;
--> statement-breakpoint
CREATE POLICY articles_read ON articles FOR SELECT TO app_user
  USING (app.reads_article(published_at, delete_at, author_id, (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY articles_write ON articles FOR INSERT TO app_user
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND (SELECT app.viewer_writes()));
--> statement-breakpoint
CREATE POLICY articles_edit ON articles FOR UPDATE TO app_user
  USING (author_id = (SELECT app.viewer_id()) AND (SELECT app.viewer_writes()));
--> statement-breakpoint
CREATE POLICY articles_delete ON articles FOR DELETE TO app_user
  USING (author_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY articles_worker ON articles FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY articles_due ON articles FOR DELETE TO app_worker USING (delete_at <= now());
--> statement-breakpoint

-- article_views: every viewer who can read an article adds views; its author can read them.
GRANT SELECT, INSERT ON article_views TO app_user;
--> statement-breakpoint
CREATE POLICY article_views_count ON article_views FOR INSERT TO app_user
  WITH CHECK (day = current_date AND EXISTS (SELECT FROM articles WHERE articles.id = article_id));
--> statement-breakpoint
CREATE POLICY article_views_of_author ON article_views FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM articles
    WHERE articles.id = article_id AND author_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- tags: readable by all. The author of an article sets its tags.
GRANT SELECT ON tags TO app_user, app_worker;
--> statement-breakpoint
CREATE POLICY tags_read ON tags FOR SELECT TO app_user, app_worker USING (true);
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON article_tags TO app_user;
--> statement-breakpoint
CREATE POLICY article_tags_read ON article_tags FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM articles WHERE articles.id = article_id));
--> statement-breakpoint
CREATE POLICY article_tags_write ON article_tags FOR INSERT TO app_user
  WITH CHECK (EXISTS (
    SELECT FROM articles WHERE articles.id = article_id AND author_id = (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY article_tags_delete ON article_tags FOR DELETE TO app_user
  USING (EXISTS (
    SELECT FROM articles WHERE articles.id = article_id AND author_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- gists: public ones are readable by all, private ones by their owner.
GRANT SELECT, INSERT, DELETE, UPDATE (title, description, visibility, updated_at)
  ON gists TO app_user;
--> statement-breakpoint
GRANT SELECT ON gists TO app_worker;
--> statement-breakpoint
CREATE POLICY gists_read ON gists FOR SELECT TO app_user
  USING (app.reads_gist(visibility, owner_id, (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY gists_write ON gists FOR INSERT TO app_user
  WITH CHECK (owner_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY gists_edit ON gists FOR UPDATE TO app_user
  USING (owner_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY gists_delete ON gists FOR DELETE TO app_user
  USING (owner_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY gists_worker ON gists FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- gist_files have the access of their gist. The subquery runs under the reader's own policies on gists.
GRANT SELECT, INSERT, DELETE, UPDATE (filename, language, content, position)
  ON gist_files TO app_user;
--> statement-breakpoint
CREATE POLICY gist_files_read ON gist_files FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM gists WHERE gists.id = gist_id));
--> statement-breakpoint
CREATE POLICY gist_files_write ON gist_files FOR INSERT TO app_user
  WITH CHECK (EXISTS (
    SELECT FROM gists WHERE gists.id = gist_id AND owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY gist_files_edit ON gist_files FOR UPDATE TO app_user
  USING (EXISTS (
    SELECT FROM gists WHERE gists.id = gist_id AND owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY gist_files_delete ON gist_files FOR DELETE TO app_user
  USING (EXISTS (
    SELECT FROM gists WHERE gists.id = gist_id AND owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- renderings: the policies of articles and gist files apply in the subqueries, so the rendering of an unreadable
-- text is not found. The server renders with the rights of its jobs, since most first readers have no write
-- access. It needs to find the row that it replaces, and reads no text there.
GRANT SELECT ON renderings TO app_user;
--> statement-breakpoint
GRANT INSERT, SELECT (article_id, gist_file_id, digest, attempts),
  UPDATE (digest, html, reason, attempts, rendered_at) ON renderings TO app_worker;
--> statement-breakpoint
CREATE POLICY renderings_read ON renderings FOR SELECT TO app_user
  USING (
    EXISTS (SELECT FROM articles a WHERE a.id = article_id)
    OR EXISTS (SELECT FROM gist_files f WHERE f.id = gist_file_id));
--> statement-breakpoint
CREATE POLICY renderings_worker ON renderings TO app_worker USING (true) WITH CHECK (true);
--> statement-breakpoint

-- comments: readable when their page is. Postgres evaluates the opened page at most once per statement, under the
-- viewer's policies on articles and gists. Rows of other pages look their page up one by one. No role may DELETE, since that would take the replies of other people
-- along: app.delete_comment deletes.
GRANT SELECT, INSERT, UPDATE (body, edited_at) ON comments TO app_user;
--> statement-breakpoint
GRANT SELECT ON comments TO app_worker;
--> statement-breakpoint
CREATE POLICY comments_read ON comments FOR SELECT TO app_user USING (
  CASE
    WHEN article_id IS NOT NULL THEN article_id = (SELECT app.opened_article())
      OR EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE gist_id = (SELECT app.opened_gist())
      OR EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY comments_write ON comments FOR INSERT TO app_user
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY comments_edit ON comments FOR UPDATE TO app_user
  USING (author_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY comments_worker ON comments FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- The number of comments of a page, for viewers who may read the page: the condition is evaluated once per page,
-- not once per comment. The views run with the rights of their owner and return ids of pages and numbers.
-- security_barrier keeps functions of a query's own WHERE away from rows of other pages.
CREATE VIEW app.article_comments WITH (security_barrier) AS
  SELECT articles.id AS article_id, (
    SELECT count(*)::int FROM comments
    WHERE comments.article_id = articles.id AND comments.deleted_at IS NULL) AS comments
  FROM articles
  WHERE app.reads_article(
    articles.published_at, articles.delete_at, articles.author_id, (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE VIEW app.gist_comments WITH (security_barrier) AS
  SELECT gists.id AS gist_id, (
    SELECT count(*)::int FROM comments
    WHERE comments.gist_id = gists.id AND comments.deleted_at IS NULL) AS comments
  FROM gists
  WHERE app.reads_gist(gists.visibility, gists.owner_id, (SELECT app.viewer_id()));
--> statement-breakpoint
GRANT SELECT ON app.article_comments, app.gist_comments TO app_user;
--> statement-breakpoint

-- reactions: readable when their page is, by the same form as comments. A tombstone takes no reactions.
GRANT SELECT, INSERT, DELETE ON reactions TO app_user;
--> statement-breakpoint
GRANT SELECT ON reactions TO app_worker;
--> statement-breakpoint
CREATE POLICY reactions_read ON reactions FOR SELECT TO app_user USING (
  CASE
    WHEN page_article_id IS NOT NULL THEN page_article_id = (SELECT app.opened_article())
      OR EXISTS (SELECT FROM articles WHERE articles.id = page_article_id)
    ELSE page_gist_id = (SELECT app.opened_gist())
      OR EXISTS (SELECT FROM gists WHERE gists.id = page_gist_id) END);
--> statement-breakpoint
CREATE POLICY reactions_write ON reactions FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE
    WHEN article_id IS NOT NULL THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    WHEN gist_id IS NOT NULL THEN EXISTS (SELECT FROM gists WHERE gists.id = gist_id)
    ELSE EXISTS (
      SELECT FROM comments WHERE comments.id = comment_id AND comments.deleted_at IS NULL) END);
--> statement-breakpoint
CREATE POLICY reactions_delete ON reactions FOR DELETE TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY reactions_worker ON reactions FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- bookmarks: for their owner, on pages that the owner can read.
GRANT SELECT, INSERT, DELETE ON bookmarks TO app_user;
--> statement-breakpoint
CREATE POLICY bookmarks_own ON bookmarks FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY bookmarks_write ON bookmarks FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY bookmarks_delete ON bookmarks FOR DELETE TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint

-- follows: for their owner, on pages that the owner can read; the notification job reads all.
GRANT SELECT, INSERT, DELETE ON follows TO app_user;
--> statement-breakpoint
GRANT SELECT ON follows TO app_worker;
--> statement-breakpoint
CREATE POLICY follows_own ON follows FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY follows_write ON follows FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY follows_delete ON follows FOR DELETE TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY follows_worker ON follows FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- notifications: written by the job only; the recipient reads them and marks them as read.
GRANT SELECT, UPDATE (read_at) ON notifications TO app_user;
--> statement-breakpoint
-- The columns that `insert … on conflict (source_key) do nothing returning id` needs.
GRANT INSERT, SELECT (id, source_key) ON notifications TO app_worker;
--> statement-breakpoint
CREATE POLICY notifications_own ON notifications FOR SELECT TO app_user
  USING (recipient_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY notifications_mark ON notifications FOR UPDATE TO app_user
  USING (recipient_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY notifications_job ON notifications FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY notifications_job_writes ON notifications FOR INSERT TO app_worker
  WITH CHECK (recipient_id <> actor_id);
--> statement-breakpoint

-- job_requests: written with the change that makes them necessary, and sent by the worker. The job that publishes
-- scheduled submissions requests notifications, in its transaction.
GRANT INSERT ON job_requests TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (sent_at), DELETE ON job_requests TO app_worker;
--> statement-breakpoint
CREATE POLICY job_requests_write ON job_requests FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_id()) IS NOT NULL AND sent_at IS NULL);
--> statement-breakpoint
CREATE POLICY job_requests_worker ON job_requests TO app_worker USING (true);
--> statement-breakpoint

-- Settings of live updates: read by every server process, written by admins under their own id.
GRANT SELECT, INSERT, DELETE, UPDATE (stage, percent, changed_by, updated_at)
  ON phase_settings TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (stage, percent, audience, options, changed_by, updated_at)
  ON channel_settings TO app_user;
--> statement-breakpoint
GRANT SELECT ON phase_settings, channel_settings TO app_relay;
--> statement-breakpoint
CREATE POLICY phase_settings_read ON phase_settings FOR SELECT TO app_user, app_relay USING (true);
--> statement-breakpoint
CREATE POLICY phase_settings_add ON phase_settings FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY phase_settings_change ON phase_settings FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY phase_settings_drop ON phase_settings FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_settings_read ON channel_settings FOR SELECT TO app_user, app_relay
  USING (true);
--> statement-breakpoint
CREATE POLICY channel_settings_add ON channel_settings FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_settings_change ON channel_settings FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (changed_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_settings_drop ON channel_settings FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint

-- channel_bans: admins write them; the server that decides who may join reads them.
GRANT SELECT, INSERT, DELETE ON channel_bans TO app_user;
--> statement-breakpoint
GRANT SELECT ON channel_bans TO app_relay;
--> statement-breakpoint
CREATE POLICY channel_bans_read ON channel_bans FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_bans_write ON channel_bans FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND created_by = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY channel_bans_lift ON channel_bans FOR DELETE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_bans_relay ON channel_bans FOR SELECT TO app_relay USING (true);
--> statement-breakpoint

-- channel_joins and relay_report: written by the worker role, read by admins.
GRANT SELECT ON channel_joins, relay_report TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (joined_at, vacated_at), DELETE ON channel_joins TO app_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON relay_report TO app_worker;
--> statement-breakpoint
CREATE POLICY channel_joins_read ON channel_joins FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY channel_joins_record ON channel_joins TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY relay_report_read ON relay_report FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY relay_report_write ON relay_report TO app_worker USING (true);
--> statement-breakpoint

-- broker_apps: admins read them and change their state. Only the server reads the encrypted secret.
GRANT SELECT (id, key, status, created_at, updated_at), INSERT, UPDATE (status, updated_at)
  ON broker_apps TO app_user;
--> statement-breakpoint
GRANT SELECT ON broker_apps TO app_relay;
--> statement-breakpoint
CREATE POLICY broker_apps_read ON broker_apps FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_add ON broker_apps FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_change ON broker_apps FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY broker_apps_relay ON broker_apps FOR SELECT TO app_relay USING (true);
--> statement-breakpoint

-- audit_log: admins read it, and write it under their own id; the worker role writes denials. Rows are never
-- changed: no role has the grant, and a trigger refuses roles that need no grant.
GRANT SELECT, INSERT ON audit_log TO app_user;
--> statement-breakpoint
GRANT INSERT ON audit_log TO app_worker;
--> statement-breakpoint
CREATE POLICY audit_log_read ON audit_log FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY audit_log_write ON audit_log FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND actor_id = (SELECT app.viewer_id()) AND at = now());
--> statement-breakpoint
CREATE POLICY audit_log_denials ON audit_log FOR INSERT TO app_worker WITH CHECK (at = now());
--> statement-breakpoint

-- The SECURITY DEFINER functions of 0002_functions.sql run as the owner of the tables. FORCE applies the policies
-- to the owner too, so the owner has policies for what these functions read and write.
CREATE POLICY users_owner ON users TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY sessions_owner ON sessions TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY user_bans_owner ON user_bans FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY articles_owner ON articles FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
-- SELECT … FOR UPDATE needs an UPDATE policy.
CREATE POLICY articles_owner_lock ON articles FOR UPDATE TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY gists_owner ON gists FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY gists_owner_lock ON gists FOR UPDATE TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY comments_owner ON comments TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY reactions_owner ON reactions TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY bookmarks_owner ON bookmarks FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY follows_owner ON follows FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY notifications_owner ON notifications FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY notifications_owner_delete ON notifications FOR DELETE TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY channel_joins_owner ON channel_joins FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY audit_log_owner ON audit_log FOR INSERT TO CURRENT_USER WITH CHECK (at = now());
