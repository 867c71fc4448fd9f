-- What messages of ephemeral channels are about: announcements of maintenance, imports of articles, and daily reports.
-- A message can be lost, so pages read these tables. src/db/schema.ts describes them for queries.

CREATE TABLE announcements (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  text text NOT NULL,
  ends_at timestamptz NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  CONSTRAINT announcements_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT announcements_text CHECK (length(text) BETWEEN 1 AND 200),
  CONSTRAINT announcements_end CHECK (ends_at > created_at)
);
--> statement-breakpoint
CREATE INDEX announcements_in_force ON announcements (ends_at) WHERE withdrawn_at IS NULL;
--> statement-breakpoint
CREATE INDEX announcements_created_by_index ON announcements (created_by);
--> statement-breakpoint
CREATE TABLE imports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT imports_owner_id_users_id_fk FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX imports_owner_id_created_at_index ON imports (owner_id, created_at);
--> statement-breakpoint
CREATE TABLE import_files (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  import_id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  body text NOT NULL,
  done_at timestamptz,
  article_id uuid,
  title text NOT NULL DEFAULT '',
  note text,
  CONSTRAINT import_files_import_id_imports_id_fk FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE,
  CONSTRAINT import_files_article_id_articles_id_fk
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE SET NULL,
  CONSTRAINT import_files_position UNIQUE (import_id, position),
  CONSTRAINT import_files_result CHECK (done_at IS NOT NULL OR (article_id IS NULL AND note IS NULL))
);
--> statement-breakpoint
CREATE INDEX import_files_article_id_index ON import_files (article_id);
--> statement-breakpoint
CREATE TABLE daily_reports (
  user_id uuid NOT NULL,
  day date NOT NULL,
  views integer NOT NULL,
  comments integer NOT NULL,
  reactions integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT daily_reports_user_id_day_pk PRIMARY KEY (user_id, day),
  CONSTRAINT daily_reports_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
--> statement-breakpoint

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['announcements', 'imports', 'import_files', 'daily_reports'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    -- For the functions below, which run as the owner of the tables.
    EXECUTE format('CREATE POLICY %I ON public.%I TO CURRENT_USER USING (true)', name || '_owner', name);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE POLICY article_views_owner ON article_views FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint

-- announcements: every viewer reads those in force, admins read all. Admins write them under their own id, and withdraw them.
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON announcements TO app_user;
--> statement-breakpoint
GRANT SELECT ON announcements TO app_worker;
--> statement-breakpoint
CREATE POLICY announcements_read ON announcements FOR SELECT TO app_user, app_worker
  USING (withdrawn_at IS NULL AND ends_at > now());
--> statement-breakpoint
CREATE POLICY announcements_read_all ON announcements FOR SELECT TO app_user
  USING ((SELECT app.viewer_is_admin()));
--> statement-breakpoint
CREATE POLICY announcements_write ON announcements FOR INSERT TO app_user
  WITH CHECK ((SELECT app.viewer_is_admin()) AND created_by = (SELECT app.viewer_id()) AND withdrawn_at IS NULL);
--> statement-breakpoint
CREATE POLICY announcements_withdraw ON announcements FOR UPDATE TO app_user
  USING ((SELECT app.viewer_is_admin())) WITH CHECK (withdrawn_at IS NOT NULL);
--> statement-breakpoint

-- imports and their files: their owner alone. The job that imports runs with the rights of the owner; the worker finds
-- who that is.
GRANT SELECT, INSERT, UPDATE (finished_at) ON imports TO app_user;
--> statement-breakpoint
GRANT SELECT ON imports TO app_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (body, done_at, article_id, title, note) ON import_files TO app_user;
--> statement-breakpoint
CREATE POLICY imports_of_worker ON imports FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY imports_read ON imports FOR SELECT TO app_user USING (owner_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY imports_write ON imports FOR INSERT TO app_user
  WITH CHECK (owner_id = (SELECT app.viewer_id()) AND (SELECT app.viewer_writes()) AND finished_at IS NULL);
--> statement-breakpoint
CREATE POLICY imports_finish ON imports FOR UPDATE TO app_user USING (owner_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY import_files_read ON import_files FOR SELECT TO app_user
  USING (import_id IN (SELECT id FROM imports WHERE owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE POLICY import_files_write ON import_files FOR INSERT TO app_user
  WITH CHECK (done_at IS NULL
    AND import_id IN (SELECT id FROM imports WHERE owner_id = (SELECT app.viewer_id()) AND finished_at IS NULL));
--> statement-breakpoint
CREATE POLICY import_files_finish ON import_files FOR UPDATE TO app_user
  USING (import_id IN (SELECT id FROM imports WHERE owner_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- daily_reports: the person reads their own. The worker writes them by the functions below.
GRANT SELECT ON daily_reports TO app_user;
--> statement-breakpoint
CREATE POLICY daily_reports_read ON daily_reports FOR SELECT TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
-- The authors with a published article who have no report of a day.
CREATE FUNCTION app.authors_without_report(of_day date) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT DISTINCT author_id FROM articles WHERE published_at < of_day + 1
    AND NOT EXISTS (SELECT FROM daily_reports WHERE user_id = author_id AND day = of_day)
  ORDER BY author_id
$$;
--> statement-breakpoint
-- Writes the report of an author about one day. Returns the author when the report is new.
CREATE FUNCTION app.write_daily_report(author uuid, of_day date) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  WITH published AS (
    SELECT id, author_id FROM articles WHERE author_id = author AND published_at < of_day + 1
  ), events AS (
    SELECT article_id, 1 AS views, 0 AS comments, 0 AS reactions FROM article_views
      WHERE article_id IN (SELECT id FROM published) AND day = of_day
    UNION ALL
    SELECT article_id, 0, 1, 0 FROM comments
      WHERE article_id IN (SELECT id FROM published) AND deleted_at IS NULL
        AND created_at >= of_day AND created_at < of_day + 1
    UNION ALL
    SELECT article_id, 0, 0, 1 FROM reactions
      WHERE article_id IN (SELECT id FROM published) AND created_at >= of_day AND created_at < of_day + 1
  )
  INSERT INTO daily_reports (user_id, day, views, comments, reactions)
  SELECT author_id, of_day, coalesce(sum(views), 0), coalesce(sum(comments), 0), coalesce(sum(reactions), 0)
    FROM published LEFT JOIN events ON events.article_id = published.id
    GROUP BY author_id
  ON CONFLICT DO NOTHING
  RETURNING user_id
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.authors_without_report(date), app.write_daily_report(uuid, date) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.authors_without_report(date), app.write_daily_report(uuid, date) TO app_worker;
