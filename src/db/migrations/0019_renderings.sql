-- The rendering of a text: HTML, or the reason why it has no HTML. It is stored beside its row, read under
-- that row's policy, and deleted with it.
CREATE TABLE "renderings" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
  "article_id" uuid UNIQUE REFERENCES "articles"("id") ON DELETE cascade,
  "gist_file_id" uuid UNIQUE REFERENCES "gist_files"("id") ON DELETE cascade,
  "digest" text NOT NULL,
  "html" text,
  "reason" text,
  "attempts" integer DEFAULT 1 NOT NULL,
  "rendered_at" timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "renderings_one_source" CHECK (num_nonnulls("article_id", "gist_file_id") = 1),
  CONSTRAINT "renderings_one_outcome" CHECK (num_nonnulls("html", "reason") = 1)
);
--> statement-breakpoint
ALTER TABLE renderings ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE renderings FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
REVOKE ALL ON renderings FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT ON renderings TO app_user;
--> statement-breakpoint
-- The policies of articles and gist files apply in the subqueries: the rendering of an unreadable text is
-- not found.
CREATE POLICY renderings_read ON renderings FOR SELECT TO app_user
  USING (
    EXISTS (SELECT FROM articles a WHERE a.id = article_id)
    OR EXISTS (SELECT FROM gist_files f WHERE f.id = gist_file_id));
--> statement-breakpoint
-- The server renders with the rights of its jobs, since most first readers have no write access. It needs
-- to find the row that it replaces, and reads no text there.
GRANT INSERT, SELECT (article_id, gist_file_id, digest, attempts),
  UPDATE (digest, html, reason, attempts, rendered_at) ON renderings TO app_worker;
--> statement-breakpoint
CREATE POLICY renderings_worker ON renderings TO app_worker USING (true) WITH CHECK (true);
