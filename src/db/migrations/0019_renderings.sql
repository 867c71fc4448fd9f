-- What a text became when it was rendered: HTML, or the reason why there is none. Kept beside the row it
-- belongs to and read under that row's own policy; it goes with the row.
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
-- The policies of articles and gist files decide inside: what a viewer cannot read is not found here either.
CREATE POLICY renderings_read ON renderings FOR SELECT TO app_user
  USING (
    EXISTS (SELECT FROM articles a WHERE a.id = article_id)
    OR EXISTS (SELECT FROM gist_files f WHERE f.id = gist_file_id));
--> statement-breakpoint
-- The server renders with the rights of its jobs, since most first readers may write nothing. It needs to
-- find the row it replaces, and reads no text there.
GRANT INSERT, SELECT (article_id, gist_file_id, digest, attempts),
  UPDATE (digest, html, reason, attempts, rendered_at) ON renderings TO app_worker;
--> statement-breakpoint
CREATE POLICY renderings_worker ON renderings TO app_worker USING (true) WITH CHECK (true);
