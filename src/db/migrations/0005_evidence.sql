-- The evidence log of a publication: observations that are signed, chained, and never changed; the feeds that they are
-- read from; and the answers of the analyst, which cite them. src/db/schema.ts describes the same tables for queries.

CREATE TABLE observations (
  publication_id uuid NOT NULL,
  number integer NOT NULL,
  statement text NOT NULL,
  figures jsonb NOT NULL DEFAULT '[]',
  source_name text NOT NULL,
  source_url text,
  event_at timestamptz NOT NULL,
  ingested_at timestamptz NOT NULL,
  clearance text NOT NULL,
  corrects integer,
  -- No foreign key: deleting an account would change a signed row.
  recorded_by uuid,
  ingest_key text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  signature text NOT NULL,
  key_id text NOT NULL,
  CONSTRAINT observations_publication_id_number_pk PRIMARY KEY (publication_id, number),
  -- A publication with evidence cannot be deleted.
  CONSTRAINT observations_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id),
  CONSTRAINT observations_corrects FOREIGN KEY (publication_id, corrects)
    REFERENCES observations (publication_id, number),
  CONSTRAINT observations_ingested_once UNIQUE (publication_id, ingest_key),
  CONSTRAINT observations_clearance CHECK (clearance IN ('public', 'member', 'editor')),
  CONSTRAINT observations_corrects_earlier CHECK (corrects < number),
  CONSTRAINT observations_figures CHECK (jsonb_typeof(figures) = 'array'),
  CONSTRAINT observations_ingest_key CHECK (ingest_key ~ '^(form|file|feed|seed):.{1,255}$'),
  CONSTRAINT observations_hash CHECK (hash ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE INDEX observations_publication_id_event_at_index ON observations (publication_id, event_at);
--> statement-breakpoint
CREATE INDEX observations_publication_id_ingested_at_index ON observations (publication_id, ingested_at);
--> statement-breakpoint
CREATE INDEX observations_publication_id_corrects_index ON observations (publication_id, corrects);
--> statement-breakpoint
CREATE TABLE evidence_feeds (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  clearance text NOT NULL DEFAULT 'member',
  read_at timestamptz,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT evidence_feeds_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT evidence_feeds_once UNIQUE (publication_id, url),
  CONSTRAINT evidence_feeds_clearance CHECK (clearance IN ('public', 'member', 'editor')),
  CONSTRAINT evidence_feeds_url CHECK (url ~ '^(https?://|built-in:)')
);
--> statement-breakpoint
CREATE TABLE analyst_answers (
  id uuid PRIMARY KEY,
  publication_id uuid NOT NULL,
  asker_id uuid NOT NULL,
  question text NOT NULL,
  reasoner text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  answer text,
  citations integer[] NOT NULL DEFAULT '{}',
  grounded boolean,
  -- Every observation that the answer was made from, cited or not.
  based_on integer[] NOT NULL DEFAULT '{}',
  answered_at timestamptz,
  CONSTRAINT analyst_answers_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT analyst_answers_asker_id_users_id_fk FOREIGN KEY (asker_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT analyst_answers_answered CHECK (
    num_nulls(answer, grounded, answered_at) IN (0, 3))
);
--> statement-breakpoint
CREATE INDEX analyst_answers_publication_id_asker_id_asked_at_index
  ON analyst_answers (publication_id, asker_id, asked_at);
--> statement-breakpoint
CREATE INDEX analyst_answers_asker_id_index ON analyst_answers (asker_id);
--> statement-breakpoint


DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['observations', 'evidence_feeds', 'analyst_answers']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
  END LOOP;
END
$$;
--> statement-breakpoint
-- For the functions below, which run as the owner of the tables. They write nothing.
CREATE POLICY observations_owner ON observations FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint

-- Whether the viewer may read an observation of a publication. Repeats the condition of observations_read, which a
-- policy of the same table cannot use.
CREATE FUNCTION app.reads_observation(publication uuid, wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT EXISTS (
    SELECT FROM observations
    WHERE publication_id = publication AND number = wanted
      AND (clearance = 'public'
        OR (clearance = 'member' AND publication_id IN (SELECT app.viewer_publications()))
        OR publication_id IN (SELECT app.desk_publications())))
$$;
--> statement-breakpoint
-- The next number of a publication, the hash of its last observation, and the time of this ingest, which never goes
-- back. Until the end of the transaction no other one gets a number of the publication.
CREATE FUNCTION app.evidence_head(publication uuid) RETURNS TABLE (
  next_number integer, previous_hash text, ingested_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('app.evidence ' || publication, 0));
  RETURN QUERY
    SELECT coalesce(head.number, 0) + 1, coalesce(head.hash, ''), greatest(clock_timestamp(), head.ingested_at)
    FROM (SELECT) AS one LEFT JOIN LATERAL (
      SELECT number, hash, ingested_at FROM observations
      WHERE publication_id = publication ORDER BY number DESC LIMIT 1) AS head ON true;
END
$$;
--> statement-breakpoint
-- The same for a member with the permission to record; no row for all other viewers.
CREATE FUNCTION app.open_evidence(publication uuid) RETURNS TABLE (
  next_number integer, previous_hash text, ingested_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  IF publication IN (SELECT app.publications_with('evidence.record')) THEN
    RETURN QUERY SELECT * FROM app.evidence_head(publication);
  END IF;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.reads_observation(uuid, integer), app.evidence_head(uuid), app.open_evidence(uuid)
  FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.reads_observation(uuid, integer), app.open_evidence(uuid) TO app_user;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.evidence_head(uuid) TO app_worker;
--> statement-breakpoint

-- observations: read by clearance. No role has UPDATE, DELETE or TRUNCATE. Members record what they can read, under
-- their own name. A correction of a hidden observation is refused like one of a missing observation. app_worker
-- records what feeds contain, and reads all rows to check the chain.
GRANT SELECT, INSERT ON observations TO app_user, app_worker;
--> statement-breakpoint
CREATE POLICY observations_read ON observations FOR SELECT TO app_user
  USING (clearance = 'public'
    OR (clearance = 'member' AND publication_id IN (SELECT app.viewer_publications()))
    OR publication_id IN (SELECT app.desk_publications()));
--> statement-breakpoint
CREATE POLICY observations_record ON observations FOR INSERT TO app_user
  WITH CHECK (recorded_by = (SELECT app.viewer_id()) AND ingest_key ~ '^(form|file):'
    AND publication_id IN (SELECT app.publications_with('evidence.record'))
    AND (clearance <> 'editor' OR publication_id IN (SELECT app.desk_publications()))
    AND (corrects IS NULL OR app.reads_observation(publication_id, corrects)));
--> statement-breakpoint
CREATE POLICY observations_worker ON observations FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY observations_ingest ON observations FOR INSERT TO app_worker
  WITH CHECK (recorded_by IS NULL AND ingest_key ~ '^feed:' AND corrects IS NULL);
--> statement-breakpoint

-- evidence_feeds: the operator adds them, since the server calls their URLs. Members who record see their state.
GRANT SELECT ON evidence_feeds TO app_user;
--> statement-breakpoint
GRANT SELECT, UPDATE (read_at, error) ON evidence_feeds TO app_worker;
--> statement-breakpoint
CREATE POLICY evidence_feeds_read ON evidence_feeds FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.publications_with('evidence.record')));
--> statement-breakpoint
CREATE POLICY evidence_feeds_worker ON evidence_feeds TO app_worker USING (true);
--> statement-breakpoint

-- analyst_answers: read by the member who asked, as long as they can read every observation that the answer was made
-- from: the subquery runs under the reader's own policies. An answer is written once.
GRANT SELECT, INSERT (id, publication_id, asker_id, question, reasoner),
  UPDATE (answer, citations, grounded, based_on, answered_at) ON analyst_answers TO app_user;
--> statement-breakpoint
CREATE POLICY analyst_answers_read ON analyst_answers FOR SELECT TO app_user
  USING (asker_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications())
    AND NOT EXISTS (
      SELECT FROM unnest(based_on) AS used
      WHERE NOT EXISTS (
        SELECT FROM observations
        WHERE observations.publication_id = analyst_answers.publication_id AND observations.number = used)));
--> statement-breakpoint
CREATE POLICY analyst_answers_ask ON analyst_answers FOR INSERT TO app_user
  WITH CHECK (asker_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY analyst_answers_answer ON analyst_answers FOR UPDATE TO app_user
  USING (asker_id = (SELECT app.viewer_id()) AND answered_at IS NULL)
  WITH CHECK (asker_id = (SELECT app.viewer_id()) AND answered_at IS NOT NULL
    AND publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint

-- A new row continues the chain, and its ingest time is now, whichever role writes.
CREATE FUNCTION app.check_observation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  head record;
BEGIN
  SELECT * INTO head FROM app.evidence_head(NEW.publication_id);
  IF NEW.number <> head.next_number OR NEW.previous_hash <> head.previous_hash THEN
    RAISE EXCEPTION 'The observation does not continue the evidence log.' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.ingested_at > head.ingested_at OR NEW.ingested_at < clock_timestamp() - interval '1 minute'
  THEN
    RAISE EXCEPTION 'The ingest time of an observation is the time of its ingest.'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.check_observation() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER observations_checked BEFORE INSERT ON observations
  FOR EACH ROW EXECUTE FUNCTION app.check_observation();
--> statement-breakpoint
CREATE FUNCTION app.refuse_change_of_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
  RAISE EXCEPTION 'Observations are never changed. Record a correction.' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.refuse_change_of_evidence() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER observations_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON observations
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change_of_evidence();
--> statement-breakpoint

-- The figures of observations travel over streams, each on the channel of its clearance. app_topic reads them there.
CREATE POLICY observations_figures ON observations FOR SELECT TO app_topic
  USING ('figures.' || clearance || '.' || publication_id = (SELECT current_setting('app.topic', true)));
--> statement-breakpoint

-- The channels of figures end with their publication.
CREATE TRIGGER publications_revoked_figures_public AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('figures.public.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_figures_member AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('figures.member.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_figures_editor AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('figures.editor.');
