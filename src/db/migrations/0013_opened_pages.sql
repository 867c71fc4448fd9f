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
ALTER POLICY comments_read ON comments USING (CASE
  WHEN article_id IS NOT NULL THEN article_id = (SELECT app.opened_article())
    OR EXISTS (SELECT FROM articles WHERE articles.id = article_id)
  ELSE gist_id = (SELECT app.opened_gist())
    OR EXISTS (SELECT FROM gists WHERE gists.id = gist_id) END);
--> statement-breakpoint
ALTER POLICY reactions_read ON reactions USING (CASE
  WHEN page_article_id IS NOT NULL THEN page_article_id = (SELECT app.opened_article())
    OR EXISTS (SELECT FROM articles WHERE articles.id = page_article_id)
  ELSE page_gist_id = (SELECT app.opened_gist())
    OR EXISTS (SELECT FROM gists WHERE gists.id = page_gist_id) END);
