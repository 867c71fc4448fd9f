-- The chat of a publication's members, and its readers per minute. Both are watched while they are written: their rows
-- travel over streams, read by app_topic, a role that sees the rows of one channel.

CREATE TABLE chat_messages (
  id uuid PRIMARY KEY,
  publication_id uuid NOT NULL,
  -- Null: the analyst.
  author_id uuid,
  -- Of an answer of the analyst.
  question_id uuid,
  state text NOT NULL,
  -- Of an answer: how often it was begun. A former attempt that still runs cannot write.
  attempt integer NOT NULL DEFAULT 1,
  grounded boolean,
  citations integer[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT chat_messages_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT chat_messages_author_id_users_id_fk FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT chat_messages_question_id_chat_messages_id_fk
    FOREIGN KEY (question_id) REFERENCES chat_messages (id) ON DELETE CASCADE,
  CONSTRAINT chat_messages_one_answer UNIQUE (question_id),
  CONSTRAINT chat_messages_state CHECK (state IN ('said', 'asked', 'writing', 'complete', 'failed')),
  CONSTRAINT chat_messages_author CHECK (
    (author_id IS NOT NULL AND question_id IS NULL AND state IN ('said', 'asked'))
    OR (author_id IS NULL AND question_id IS NOT NULL AND state IN ('writing', 'complete', 'failed')))
);
--> statement-breakpoint
CREATE INDEX chat_messages_publication_id_created_at_index ON chat_messages (publication_id, created_at);
--> statement-breakpoint
CREATE INDEX chat_messages_author_id_index ON chat_messages (author_id);
--> statement-breakpoint
-- The parts of a message, in the order of their positions. An answer is written part by part.
CREATE TABLE chat_contents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  message_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  position integer NOT NULL,
  version integer NOT NULL DEFAULT 1,
  text text NOT NULL,
  CONSTRAINT chat_contents_message_id_chat_messages_id_fk
    FOREIGN KEY (message_id) REFERENCES chat_messages (id) ON DELETE CASCADE,
  CONSTRAINT chat_contents_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT chat_contents_position UNIQUE (message_id, position),
  CONSTRAINT chat_contents_text CHECK (length(text) <= 10000)
);
--> statement-breakpoint
CREATE INDEX chat_contents_publication_id_index ON chat_contents (publication_id);
--> statement-breakpoint
CREATE TABLE reader_minutes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  minute timestamptz NOT NULL,
  readers integer NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT reader_minutes_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT reader_minutes_once UNIQUE (publication_id, minute),
  CONSTRAINT reader_minutes_readers CHECK (readers >= 0)
);
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['chat_messages', 'chat_contents', 'reader_minutes'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
  END LOOP;
END
$$;
--> statement-breakpoint

-- Members read and write the chat of their publication. A message cannot be changed by a member.
GRANT SELECT, INSERT ON chat_messages, chat_contents TO app_user;
--> statement-breakpoint
CREATE POLICY chat_messages_read ON chat_messages FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY chat_messages_write ON chat_messages FOR INSERT TO app_user
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY chat_contents_read ON chat_contents FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY chat_contents_write ON chat_contents FOR INSERT TO app_user
  WITH CHECK (EXISTS (
    SELECT FROM chat_messages AS message
    WHERE message.id = message_id AND message.publication_id = chat_contents.publication_id
      AND message.author_id = (SELECT app.viewer_id())));
--> statement-breakpoint

-- The job writes the answers of the analyst.
GRANT SELECT, INSERT, UPDATE (state, attempt, grounded, citations) ON chat_messages TO app_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (text, version) ON chat_contents TO app_worker;
--> statement-breakpoint
CREATE POLICY chat_messages_worker ON chat_messages TO app_worker USING (true) WITH CHECK (author_id IS NULL);
--> statement-breakpoint
CREATE POLICY chat_contents_worker ON chat_contents TO app_worker USING (true)
  WITH CHECK (message_id IN (SELECT id FROM chat_messages WHERE author_id IS NULL));
--> statement-breakpoint

-- Readers per minute: read by members, written by the job.
GRANT SELECT ON reader_minutes TO app_user;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (readers, version), DELETE ON reader_minutes TO app_worker;
--> statement-breakpoint
CREATE POLICY reader_minutes_read ON reader_minutes FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY reader_minutes_worker ON reader_minutes TO app_worker USING (true) WITH CHECK (true);
--> statement-breakpoint

-- app_topic reads what every member of one channel may read. app.topic is the name of the channel.
GRANT SELECT ON chat_contents, reader_minutes, observations TO app_topic;
--> statement-breakpoint
CREATE POLICY chat_contents_topic ON chat_contents FOR SELECT TO app_topic
  USING ('chat.' || publication_id = (SELECT current_setting('app.topic', true)));
--> statement-breakpoint
CREATE POLICY reader_minutes_topic ON reader_minutes FOR SELECT TO app_topic
  USING ('chart.' || publication_id = (SELECT current_setting('app.topic', true)));
--> statement-breakpoint
-- An answer in the chat is read by all members, so it is made from what all of them may read.
CREATE POLICY observations_topic ON observations FOR SELECT TO app_topic
  USING (clearance IN ('public', 'member')
    AND 'chat.' || publication_id = (SELECT current_setting('app.topic', true)));
--> statement-breakpoint

-- The last message of a desk that a member has seen, so that newer ones can be marked as unread. A visit ends with the
-- membership.
CREATE TABLE desk_visits (
  publication_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The time of that message.
  seen_at timestamptz NOT NULL,
  CONSTRAINT desk_visits_publication_id_user_id_pk PRIMARY KEY (publication_id, user_id),
  CONSTRAINT desk_visits_member FOREIGN KEY (publication_id, user_id)
    REFERENCES publication_members (publication_id, user_id) ON DELETE CASCADE
);
--> statement-breakpoint
ALTER TABLE desk_visits ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE desk_visits FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
REVOKE ALL ON desk_visits FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (seen_at) ON desk_visits TO app_user;
--> statement-breakpoint
-- Each member reads and writes their own visits alone.
CREATE POLICY desk_visits_own ON desk_visits TO app_user
  USING (user_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications()))
  WITH CHECK (user_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint

-- The visitors who opened an article of each publication in a span of time. A view is stored once a day.
CREATE FUNCTION app.count_readers(since timestamptz, until timestamptz)
RETURNS TABLE (publication_id uuid, readers integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT articles.publication_id, count(DISTINCT article_views.visitor)::integer
  FROM article_views JOIN articles ON articles.id = article_views.article_id
  WHERE articles.publication_id IS NOT NULL
    AND article_views.viewed_at >= since AND article_views.viewed_at < until
  GROUP BY articles.publication_id
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.count_readers(timestamptz, timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.count_readers(timestamptz, timestamptz) TO app_worker;
