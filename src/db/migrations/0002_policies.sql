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

-- users: the profile is public; a role is never changed by its holder.
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

-- sessions: the owner lists and revokes; sign-in writes and looks up.
GRANT SELECT, UPDATE (revoked_at) ON sessions TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (last_seen_at, revoked_at), DELETE ON sessions TO app_auth;
--> statement-breakpoint
CREATE POLICY sessions_own ON sessions FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
-- A revocation is final: WITH CHECK refuses to clear the mark.
CREATE POLICY sessions_revoke_own ON sessions FOR UPDATE TO app_user
  USING (user_id = (SELECT app.viewer_id())) WITH CHECK (revoked_at IS NOT NULL);
--> statement-breakpoint
CREATE POLICY sessions_auth ON sessions TO app_auth USING (true);
--> statement-breakpoint

-- rate_limits: counted while signing in and up.
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO app_auth;
--> statement-breakpoint
CREATE POLICY rate_limits_auth ON rate_limits TO app_auth USING (true);
--> statement-breakpoint

-- articles: published ones are public, drafts are readable by their author.
GRANT SELECT, INSERT, DELETE, UPDATE (slug, title, excerpt, body, published_at, updated_at)
  ON articles TO app_user;
--> statement-breakpoint
GRANT SELECT ON articles TO app_worker;
--> statement-breakpoint
CREATE POLICY articles_read ON articles FOR SELECT TO app_user
  USING (published_at <= now() OR author_id = (SELECT app.viewer_id()));
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

-- gists: public ones are readable by all, private ones by their owner.
GRANT SELECT, INSERT, DELETE, UPDATE (title, description, visibility, updated_at)
  ON gists TO app_user;
--> statement-breakpoint
GRANT SELECT ON gists TO app_worker;
--> statement-breakpoint
CREATE POLICY gists_read ON gists FOR SELECT TO app_user
  USING (visibility = 'public' OR owner_id = (SELECT app.viewer_id()));
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

-- comments: readable when their page is.
GRANT SELECT, INSERT, DELETE, UPDATE (body, edited_at) ON comments TO app_user;
--> statement-breakpoint
GRANT SELECT ON comments TO app_worker;
--> statement-breakpoint
CREATE POLICY comments_read ON comments FOR SELECT TO app_user
  USING (CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY comments_write ON comments FOR INSERT TO app_user
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
CREATE POLICY comments_edit ON comments FOR UPDATE TO app_user
  USING (author_id = (SELECT app.viewer_id()));
--> statement-breakpoint
-- Deleted by their author, or by the owner of the page.
CREATE POLICY comments_delete ON comments FOR DELETE TO app_user
  USING (author_id = (SELECT app.viewer_id())
    OR EXISTS (SELECT FROM articles
      WHERE articles.id = article_id AND articles.author_id = (SELECT app.viewer_id()))
    OR EXISTS (SELECT FROM gists
      WHERE gists.id = gist_id AND gists.owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY comments_worker ON comments FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- reactions: readable when their target is.
GRANT SELECT, INSERT, DELETE ON reactions TO app_user;
--> statement-breakpoint
GRANT SELECT ON reactions TO app_worker;
--> statement-breakpoint
CREATE POLICY reactions_read ON reactions FOR SELECT TO app_user
  USING (CASE
    WHEN article_id IS NOT NULL THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    WHEN gist_id IS NOT NULL THEN EXISTS (SELECT FROM gists WHERE gists.id = gist_id)
    ELSE EXISTS (SELECT FROM comments WHERE comments.id = comment_id) END);
--> statement-breakpoint
CREATE POLICY reactions_write ON reactions FOR INSERT TO app_user
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND CASE
    WHEN article_id IS NOT NULL THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    WHEN gist_id IS NOT NULL THEN EXISTS (SELECT FROM gists WHERE gists.id = gist_id)
    ELSE EXISTS (SELECT FROM comments WHERE comments.id = comment_id) END);
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

-- job_requests: written with the change that makes them necessary, and sent by the worker.
GRANT INSERT ON job_requests TO app_user;
--> statement-breakpoint
GRANT SELECT, UPDATE (sent_at), DELETE ON job_requests TO app_worker;
--> statement-breakpoint
CREATE POLICY job_requests_write ON job_requests FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_id()) IS NOT NULL AND sent_at IS NULL);
--> statement-breakpoint
CREATE POLICY job_requests_worker ON job_requests TO app_worker USING (true);
