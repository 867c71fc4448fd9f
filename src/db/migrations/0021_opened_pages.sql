-- Reads of a thread and of lists cost Postgres little more than the same reads without policies. See
-- docs/decisions/0031. Nothing becomes readable here that was not, and nothing is hidden that was readable.

-- Who may read an article and a gist, in one place for the policy and for the views below. Postgres inlines both.
-- The viewer is an argument so that callers can give a scalar subquery, which is evaluated once per query.
CREATE FUNCTION app.reads_article(
  published_at timestamptz, delete_at timestamptz, author_id uuid, viewer uuid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (published_at <= now() AND delete_at IS NULL) OR author_id = viewer;
--> statement-breakpoint
ALTER POLICY articles_read ON articles
  USING (app.reads_article(published_at, delete_at, author_id, (SELECT app.viewer_id())));
--> statement-breakpoint
CREATE FUNCTION app.reads_gist(visibility text, owner_id uuid, viewer uuid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN visibility = 'public' OR owner_id = viewer;
--> statement-breakpoint
ALTER POLICY gists_read ON gists USING (app.reads_gist(visibility, owner_id, (SELECT app.viewer_id())));
--> statement-breakpoint

-- How many comments a page has, for those who may read it: the policy is asked once per page, not once per
-- comment. The views run with the rights of their owner and show ids of pages and numbers. security_barrier
-- keeps functions of a query's own WHERE away from rows of other pages.
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

-- A reaction carries the page it is on: what was reacted to, or the page of the comment. The keys to the comment
-- include the page, so that the two cannot disagree.
ALTER TABLE reactions ADD COLUMN page_article_id uuid, ADD COLUMN page_gist_id uuid;
--> statement-breakpoint
UPDATE reactions SET
  page_article_id = coalesce(reactions.article_id, comments.article_id),
  page_gist_id = coalesce(reactions.gist_id, comments.gist_id)
FROM reactions AS placed LEFT JOIN comments ON comments.id = placed.comment_id
WHERE placed.id = reactions.id;
--> statement-breakpoint
ALTER TABLE reactions
  ADD CONSTRAINT reactions_one_page CHECK (
    num_nonnulls(page_article_id, page_gist_id) = 1
    AND (article_id IS NULL OR page_article_id IS NOT DISTINCT FROM article_id)
    AND (gist_id IS NULL OR page_gist_id IS NOT DISTINCT FROM gist_id)),
  ADD CONSTRAINT reactions_comment_on_same_article FOREIGN KEY (page_article_id, comment_id)
    REFERENCES comments (article_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT reactions_comment_on_same_gist FOREIGN KEY (page_gist_id, comment_id)
    REFERENCES comments (gist_id, id) ON DELETE CASCADE,
  DROP CONSTRAINT reactions_comment_id_comments_id_fk;
--> statement-breakpoint
-- The writer does not name the page. A comment that the writer cannot read has none here, and the policy for
-- writing refuses the row.
CREATE FUNCTION app.place_reaction() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
  NEW.page_article_id := NEW.article_id;
  NEW.page_gist_id := NEW.gist_id;
  IF NEW.comment_id IS NOT NULL THEN
    SELECT article_id, gist_id INTO NEW.page_article_id, NEW.page_gist_id
      FROM comments WHERE id = NEW.comment_id;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.place_reaction() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER reactions_placed BEFORE INSERT ON reactions
  FOR EACH ROW EXECUTE FUNCTION app.place_reaction();
--> statement-breakpoint

-- The page that a transaction has opened (src/db/open-page.ts). A hint, which anybody who may send SQL can set to
-- any id: the policies below look the id up among the pages that the viewer may read, once per statement.
CREATE FUNCTION app.opened_page() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.page', true), '')::uuid;
--> statement-breakpoint
-- The first two subqueries refer to no column of the row: Postgres runs each at most once per statement, under the
-- viewer's policies on articles and gists. Rows of other pages ask for their page one by one, as before.
ALTER POLICY comments_read ON comments USING (
  article_id = (SELECT id FROM articles WHERE id = app.opened_page())
  OR gist_id = (SELECT id FROM gists WHERE id = app.opened_page())
  OR CASE WHEN article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
ALTER POLICY reactions_read ON reactions USING (
  page_article_id = (SELECT id FROM articles WHERE id = app.opened_page())
  OR page_gist_id = (SELECT id FROM gists WHERE id = app.opened_page())
  OR CASE WHEN page_article_id IS NOT NULL
    THEN EXISTS (SELECT FROM articles WHERE articles.id = page_article_id)
    ELSE EXISTS (SELECT FROM gists WHERE gists.id = page_gist_id) END);
