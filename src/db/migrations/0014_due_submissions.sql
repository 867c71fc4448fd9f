-- The job that publishes scheduled submissions requests notifications, in its transaction.
GRANT INSERT ON job_requests TO app_worker;
--> statement-breakpoint
DROP FUNCTION app.publish_due_submissions(integer);
--> statement-breakpoint
-- Publishes the scheduled submissions that are due. A text that was changed since its approval goes back to review.
-- Several processes may run it at once. Returns the submissions with their new state, and for published ones the tags
-- whose feeds have changed.
CREATE FUNCTION app.publish_due_submissions(most integer) RETURNS TABLE (
  submission_id uuid, state text, article_id uuid, author_id uuid, tag_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
#variable_conflict use_column
DECLARE
  due submissions;
BEGIN
  FOR due IN
    SELECT * FROM submissions WHERE state = 'scheduled' AND scheduled_for <= now()
    ORDER BY scheduled_for LIMIT most FOR UPDATE SKIP LOCKED
  LOOP
    IF EXISTS (
      SELECT FROM articles
      WHERE id = due.article_id AND delete_at IS NULL AND updated_at = due.approved_version)
    THEN
      UPDATE submissions SET state = 'published', note = '' WHERE id = due.id;
      RETURN QUERY SELECT due.id, 'published', due.article_id, due.author_id,
        ARRAY(SELECT tag_id FROM article_tags WHERE article_id = due.article_id ORDER BY 1);
    ELSE
      UPDATE submissions SET state = 'in_review', note = 'The text was changed after its approval.'
        WHERE id = due.id;
      RETURN QUERY SELECT due.id, 'in_review', due.article_id, due.author_id, '{}'::uuid[];
    END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.publish_due_submissions(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.publish_due_submissions(integer) TO app_worker;
