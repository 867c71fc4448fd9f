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
