-- Publications: teams with roles and invitations, and the editorial process of their submissions. Types and tables
-- first, then access rights, then functions and triggers. src/db/schema.ts describes the same tables for queries.

CREATE TABLE publications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  founder_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT publications_founder_id_users_id_fk FOREIGN KEY (founder_id) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT publications_slug_unique UNIQUE (slug),
  CONSTRAINT publications_slug_spelling CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$')
);
--> statement-breakpoint
CREATE TABLE publication_roles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  name text NOT NULL,
  permissions text[] NOT NULL DEFAULT '{}',
  is_owner boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT publication_roles_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT publication_roles_permissions CHECK (permissions <@ ARRAY[
    'members.manage', 'roles.manage', 'settings.manage', 'submissions.read', 'submissions.review',
    'submissions.approve', 'submissions.publish', 'evidence.record']),
  CONSTRAINT publication_roles_name UNIQUE (publication_id, name),
  -- Target of foreign keys: a role is given in its own publication only.
  CONSTRAINT publication_roles_of_publication UNIQUE (publication_id, id)
);
--> statement-breakpoint
CREATE TABLE publication_members (
  publication_id uuid NOT NULL,
  user_id uuid NOT NULL,
  joined_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT publication_members_publication_id_user_id_pk PRIMARY KEY (publication_id, user_id),
  CONSTRAINT publication_members_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT publication_members_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX publication_members_user_id_index ON publication_members (user_id);
--> statement-breakpoint
CREATE TABLE publication_member_roles (
  publication_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role_id uuid NOT NULL,
  CONSTRAINT publication_member_roles_publication_id_user_id_role_id_pk
    PRIMARY KEY (publication_id, user_id, role_id),
  CONSTRAINT publication_member_roles_member FOREIGN KEY (publication_id, user_id)
    REFERENCES publication_members (publication_id, user_id) ON DELETE CASCADE,
  CONSTRAINT publication_member_roles_role FOREIGN KEY (publication_id, role_id)
    REFERENCES publication_roles (publication_id, id) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX publication_member_roles_user_id_index ON publication_member_roles (user_id);
--> statement-breakpoint
CREATE INDEX publication_member_roles_role_id_index ON publication_member_roles (role_id);
--> statement-breakpoint
CREATE TABLE publication_invitations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  email text NOT NULL,
  role_id uuid NOT NULL,
  token_hash text NOT NULL,
  invited_by uuid NOT NULL,
  invitee_id uuid,
  status text NOT NULL DEFAULT 'open',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  -- Whether its e-mail was sent; null when the site sends none.
  mail_state text,
  -- Kept until the e-mail is sent, encrypted by the site. No viewer reads it.
  sealed_token text,
  CONSTRAINT publication_invitations_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT publication_invitations_role FOREIGN KEY (publication_id, role_id)
    REFERENCES publication_roles (publication_id, id) ON DELETE CASCADE,
  CONSTRAINT publication_invitations_invited_by_users_id_fk
    FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT publication_invitations_invitee_id_users_id_fk
    FOREIGN KEY (invitee_id) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT publication_invitations_token_hash_unique UNIQUE (token_hash),
  CONSTRAINT publication_invitations_email CHECK (email = lower(email)),
  CONSTRAINT publication_invitations_status CHECK (status IN ('open', 'accepted', 'declined', 'revoked')),
  CONSTRAINT publication_invitations_mail_state CHECK (mail_state IN ('waiting', 'sent', 'failed')),
  CONSTRAINT publication_invitations_sealed_token
    CHECK ((sealed_token IS NOT NULL) = (mail_state IS NOT DISTINCT FROM 'waiting'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX publication_invitations_one_open ON publication_invitations (publication_id, email)
  WHERE status = 'open';
--> statement-breakpoint
CREATE INDEX publication_invitations_email_index ON publication_invitations (email);
--> statement-breakpoint
CREATE INDEX publication_invitations_role_id_index ON publication_invitations (role_id);
--> statement-breakpoint
CREATE INDEX publication_invitations_invited_by_index ON publication_invitations (invited_by);
--> statement-breakpoint
CREATE INDEX publication_invitations_invitee_id_index ON publication_invitations (invitee_id);
--> statement-breakpoint
CREATE TABLE submissions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  article_id uuid NOT NULL,
  author_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'draft',
  note text NOT NULL DEFAULT '',
  scheduled_for timestamptz,
  approved_version timestamptz,
  text_changed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT submissions_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT submissions_article_id_articles_id_fk
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
  CONSTRAINT submissions_author_id_users_id_fk FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT submissions_state CHECK (state IN (
    'draft', 'submitted', 'in_review', 'changes_requested', 'resubmitted', 'approved', 'scheduled', 'published',
    'withdrawn')),
  CONSTRAINT submissions_schedule CHECK ((state = 'scheduled') = (scheduled_for IS NOT NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX submissions_one_open ON submissions (article_id) WHERE state NOT IN ('published', 'withdrawn');
--> statement-breakpoint
CREATE INDEX submissions_publication_id_updated_at_index ON submissions (publication_id, updated_at);
--> statement-breakpoint
CREATE INDEX submissions_article_id_index ON submissions (article_id);
--> statement-breakpoint
CREATE INDEX submissions_author_id_index ON submissions (author_id);
--> statement-breakpoint
CREATE INDEX submissions_due ON submissions (scheduled_for) WHERE state = 'scheduled';
--> statement-breakpoint
CREATE TABLE submission_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  submission_id uuid NOT NULL,
  actor_id uuid,
  from_state text,
  to_state text NOT NULL,
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT submission_events_submission_id_submissions_id_fk
    FOREIGN KEY (submission_id) REFERENCES submissions (id) ON DELETE CASCADE,
  CONSTRAINT submission_events_actor_id_users_id_fk FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE SET NULL
);
--> statement-breakpoint
CREATE INDEX submission_events_submission_id_created_at_index ON submission_events (submission_id, created_at);
--> statement-breakpoint
CREATE INDEX submission_events_actor_id_index ON submission_events (actor_id);
--> statement-breakpoint
CREATE TABLE submission_tasks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  publication_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  kind text NOT NULL,
  permission text,
  assignee_id uuid,
  status text NOT NULL DEFAULT 'open',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  CONSTRAINT submission_tasks_publication_id_publications_id_fk
    FOREIGN KEY (publication_id) REFERENCES publications (id) ON DELETE CASCADE,
  CONSTRAINT submission_tasks_submission_id_submissions_id_fk
    FOREIGN KEY (submission_id) REFERENCES submissions (id) ON DELETE CASCADE,
  CONSTRAINT submission_tasks_assignee_id_users_id_fk
    FOREIGN KEY (assignee_id) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT submission_tasks_created_by_users_id_fk
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT submission_tasks_closed_by_users_id_fk
    FOREIGN KEY (closed_by) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT submission_tasks_kind CHECK (kind IN ('submit', 'review', 'revise', 'approve', 'publish')),
  CONSTRAINT submission_tasks_status CHECK (status IN ('open', 'done', 'dropped')),
  CONSTRAINT submission_tasks_closed CHECK ((status = 'open') = (closed_at IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX submission_tasks_one_open ON submission_tasks (submission_id, kind) WHERE status = 'open';
--> statement-breakpoint
CREATE INDEX submission_tasks_publication_id_status_index ON submission_tasks (publication_id, status);
--> statement-breakpoint
CREATE INDEX submission_tasks_assignee_id_index ON submission_tasks (assignee_id);
--> statement-breakpoint
CREATE INDEX submission_tasks_created_by_index ON submission_tasks (created_by);
--> statement-breakpoint
CREATE INDEX submission_tasks_closed_by_index ON submission_tasks (closed_by);
--> statement-breakpoint
ALTER TABLE articles ADD COLUMN publication_id uuid
  CONSTRAINT articles_publication_id_publications_id_fk REFERENCES publications (id) ON DELETE SET NULL;
--> statement-breakpoint
CREATE INDEX articles_of_publication ON articles (publication_id, published_at);
--> statement-breakpoint
ALTER TABLE notifications
  ADD COLUMN submission_id uuid
    CONSTRAINT notifications_submission_id_submissions_id_fk REFERENCES submissions (id) ON DELETE CASCADE,
  ADD COLUMN invitation_id uuid
    CONSTRAINT notifications_invitation_id_publication_invitations_id_fk
    REFERENCES publication_invitations (id) ON DELETE CASCADE,
  ADD CONSTRAINT notifications_one_page
    CHECK (num_nonnulls(article_id, gist_id, submission_id, invitation_id) = 1);
--> statement-breakpoint
CREATE INDEX notifications_submission_id_index ON notifications (submission_id);
--> statement-breakpoint
CREATE INDEX notifications_invitation_id_index ON notifications (invitation_id);
--> statement-breakpoint

-- What the viewer may do, for the policies. The functions run as the owner of the tables, so that a policy of
-- publication_members does not ask itself. Policies call them in a subquery without columns of the row: Postgres runs
-- it once per statement.
CREATE FUNCTION app.viewer_publications() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT publication_id FROM publication_members WHERE user_id = app.viewer_id() $$;
--> statement-breakpoint
CREATE FUNCTION app.publications_with(permission text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT role.publication_id
  FROM publication_member_roles AS held JOIN publication_roles AS role ON role.id = held.role_id
  WHERE held.user_id = app.viewer_id() AND permission = ANY (role.permissions)
$$;
--> statement-breakpoint
-- Publications that the viewer owns.
CREATE FUNCTION app.owned_publications() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT role.publication_id
  FROM publication_member_roles AS held JOIN publication_roles AS role ON role.id = held.role_id
  WHERE held.user_id = app.viewer_id() AND role.is_owner
$$;
--> statement-breakpoint
-- Publications of which the viewer reads all submissions.
CREATE FUNCTION app.desk_publications() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT role.publication_id
  FROM publication_member_roles AS held JOIN publication_roles AS role ON role.id = held.role_id
  WHERE held.user_id = app.viewer_id() AND role.permissions && ARRAY[
    'submissions.read', 'submissions.review', 'submissions.approve', 'submissions.publish']
$$;
--> statement-breakpoint
CREATE FUNCTION app.member_permissions(publication uuid, member uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT coalesce(array_agg(DISTINCT permission), '{}')
  FROM publication_member_roles AS held JOIN publication_roles AS role ON role.id = held.role_id,
    unnest(role.permissions) AS permission
  WHERE held.publication_id = publication AND held.user_id = member
$$;
--> statement-breakpoint
-- The viewer's permissions in one publication. A member gives only permissions that they have.
CREATE FUNCTION app.viewer_permissions(publication uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT app.member_permissions(publication, app.viewer_id()) $$;
--> statement-breakpoint
-- Whether a member may give a role to another member, or take it. Only owners give the role of owners.
CREATE FUNCTION app.member_may_give_role(giver uuid, wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT EXISTS (
    SELECT FROM publication_roles AS role, app.member_permissions(role.publication_id, giver) AS own
    WHERE role.id = wanted AND 'members.manage' = ANY (own) AND role.permissions <@ own
      AND (NOT role.is_owner OR EXISTS (
        SELECT FROM publication_member_roles AS held
        WHERE held.role_id = role.id AND held.user_id = giver)))
$$;
--> statement-breakpoint
CREATE FUNCTION app.may_give_role(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT app.member_may_give_role(app.viewer_id(), wanted) $$;
--> statement-breakpoint
-- The viewer's own e-mail. No policy gives anybody the e-mail of another person.
CREATE FUNCTION app.viewer_email() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT email FROM credentials WHERE user_id = app.viewer_id() $$;
--> statement-breakpoint
-- Whether the viewer's account has proved its e-mail. Sign-up does not: it accepts the e-mail of another person.
CREATE FUNCTION app.viewer_has_proved_email() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT EXISTS (SELECT FROM credentials WHERE user_id = app.viewer_id() AND email_proved_at IS NOT NULL)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.viewer_publications(), app.publications_with(text), app.owned_publications(),
  app.desk_publications(), app.member_permissions(uuid, uuid), app.viewer_permissions(uuid),
  app.member_may_give_role(uuid, uuid), app.may_give_role(uuid), app.viewer_email(),
  app.viewer_has_proved_email() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.viewer_publications(), app.publications_with(text), app.owned_publications(),
  app.desk_publications(), app.viewer_permissions(uuid), app.may_give_role(uuid), app.viewer_email() TO app_user;
--> statement-breakpoint

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'publications', 'publication_roles', 'publication_members', 'publication_member_roles',
    'publication_invitations', 'submissions', 'submission_events', 'submission_tasks']
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    -- For the functions below, which run as the owner of the tables.
    EXECUTE format('CREATE POLICY %I ON public.%I TO CURRENT_USER USING (true)', name || '_owner', name);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE POLICY credentials_owner ON credentials FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint
CREATE POLICY article_tags_owner ON article_tags FOR SELECT TO CURRENT_USER USING (true);
--> statement-breakpoint

-- publications: name and description are public. An owner deletes a publication. Foreign keys delete what belongs to it
-- in the same transaction, and keep its published articles. Observations are never deleted: their foreign key refuses
-- the deletion of their publication.
GRANT SELECT, INSERT, UPDATE (name, description, updated_at), DELETE
  ON publications TO app_user;
--> statement-breakpoint
GRANT SELECT ON publications TO app_worker;
--> statement-breakpoint
CREATE POLICY publications_read ON publications FOR SELECT TO app_user, app_worker USING (true);
--> statement-breakpoint
CREATE POLICY publications_found ON publications FOR INSERT TO app_user
  WITH CHECK (founder_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY publications_change ON publications FOR UPDATE TO app_user
  USING (id IN (SELECT app.publications_with('settings.manage')));
--> statement-breakpoint
CREATE POLICY publications_delete ON publications FOR DELETE TO app_user
  USING (id IN (SELECT app.owned_publications()));
--> statement-breakpoint

-- publication_roles: members read them. Members cannot give a role a permission that they lack, nor change a role
-- that has one.
GRANT SELECT, INSERT, UPDATE (name, permissions), DELETE
  ON publication_roles TO app_user;
--> statement-breakpoint
GRANT SELECT ON publication_roles TO app_worker;
--> statement-breakpoint
CREATE POLICY publication_roles_read ON publication_roles FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY publication_roles_add ON publication_roles FOR INSERT TO app_user
  WITH CHECK (NOT is_owner AND publication_id IN (SELECT app.publications_with('roles.manage'))
    AND permissions <@ app.viewer_permissions(publication_id));
--> statement-breakpoint
CREATE POLICY publication_roles_change ON publication_roles FOR UPDATE TO app_user
  USING (NOT is_owner AND publication_id IN (SELECT app.publications_with('roles.manage'))
    AND permissions <@ app.viewer_permissions(publication_id));
--> statement-breakpoint
CREATE POLICY publication_roles_drop ON publication_roles FOR DELETE TO app_user
  USING (NOT is_owner AND publication_id IN (SELECT app.publications_with('roles.manage'))
    AND permissions <@ app.viewer_permissions(publication_id));
--> statement-breakpoint
CREATE POLICY publication_roles_worker ON publication_roles FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- publication_members: members read each other. Rows are added by accepting an invitation. Each member may leave;
-- removing a member requires the right to take each of their roles.
GRANT SELECT, DELETE ON publication_members TO app_user;
--> statement-breakpoint
GRANT SELECT ON publication_members TO app_worker;
--> statement-breakpoint
CREATE POLICY publication_members_read ON publication_members FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY publication_members_leave ON publication_members FOR DELETE TO app_user
  USING (user_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY publication_members_remove ON publication_members FOR DELETE TO app_user
  USING (publication_id IN (SELECT app.publications_with('members.manage'))
    AND NOT EXISTS (
      SELECT FROM publication_member_roles AS held
      WHERE held.publication_id = publication_members.publication_id
        AND held.user_id = publication_members.user_id AND NOT app.may_give_role(held.role_id)));
--> statement-breakpoint
CREATE POLICY publication_members_worker ON publication_members FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON publication_member_roles TO app_user;
--> statement-breakpoint
GRANT SELECT ON publication_member_roles TO app_worker;
--> statement-breakpoint
CREATE POLICY publication_member_roles_read ON publication_member_roles FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
CREATE POLICY publication_member_roles_give ON publication_member_roles FOR INSERT TO app_user
  WITH CHECK (app.may_give_role(role_id));
--> statement-breakpoint
CREATE POLICY publication_member_roles_take ON publication_member_roles FOR DELETE TO app_user
  USING (app.may_give_role(role_id));
--> statement-breakpoint
CREATE POLICY publication_member_roles_worker ON publication_member_roles FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- publication_invitations: read by members who manage members, and by the person with the e-mail. No role reads the
-- digest of a token, nor which account an e-mail has. app.answer_invitation answers.
GRANT SELECT (id, publication_id, email, role_id, invited_by, status, created_at, expires_at, answered_at, mail_state),
  INSERT, UPDATE (status)
  ON publication_invitations TO app_user;
--> statement-breakpoint
-- One job notifies the invitee, another one sends the e-mail.
GRANT SELECT (id, publication_id, email, role_id, invited_by, invitee_id, status, expires_at, mail_state, sealed_token),
  UPDATE (mail_state, sealed_token)
  ON publication_invitations TO app_worker;
--> statement-breakpoint
CREATE POLICY publication_invitations_read ON publication_invitations FOR SELECT TO app_user
  USING (publication_id IN (SELECT app.publications_with('members.manage'))
    OR email = (SELECT app.viewer_email()));
--> statement-breakpoint
CREATE POLICY publication_invitations_invite ON publication_invitations FOR INSERT TO app_user
  WITH CHECK (invited_by = (SELECT app.viewer_id()) AND status = 'open' AND answered_at IS NULL
    AND app.may_give_role(role_id));
--> statement-breakpoint
CREATE POLICY publication_invitations_revoke ON publication_invitations FOR UPDATE TO app_user
  USING (status = 'open' AND publication_id IN (SELECT app.publications_with('members.manage')))
  WITH CHECK (status = 'revoked' AND publication_id IN (SELECT app.publications_with('members.manage')));
--> statement-breakpoint
CREATE POLICY publication_invitations_worker ON publication_invitations FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY publication_invitations_mail ON publication_invitations FOR UPDATE TO app_worker
  USING (mail_state = 'waiting') WITH CHECK (mail_state IS DISTINCT FROM 'waiting');
--> statement-breakpoint

-- submissions: reading and deciding are separate. Their author reads them while a member. Members with a permission
-- for submissions read those that were submitted. Each step has one policy, which names the states that it leads
-- to, so that a right to read or to take another step is not enough. Editors cannot take a step for their own article. Which state follows which is checked by app.check_submission.
GRANT SELECT, INSERT, UPDATE (state, note, scheduled_for, approved_version) ON submissions TO app_user;
--> statement-breakpoint
GRANT SELECT ON submissions TO app_worker;
--> statement-breakpoint
CREATE POLICY submissions_read ON submissions FOR SELECT TO app_user
  USING ((state <> 'draft' AND publication_id IN (SELECT app.desk_publications()))
    OR (author_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications())));
--> statement-breakpoint
CREATE POLICY submissions_worker ON submissions FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
CREATE POLICY submissions_propose ON submissions FOR INSERT TO app_user
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND state = 'draft'
    AND approved_version IS NULL AND publication_id IN (SELECT app.viewer_publications())
    AND EXISTS (SELECT FROM articles
      WHERE articles.id = article_id AND articles.author_id = (SELECT app.viewer_id())
        AND articles.delete_at IS NULL));
--> statement-breakpoint
CREATE POLICY submissions_by_author ON submissions FOR UPDATE TO app_user
  USING (author_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications()))
  WITH CHECK (author_id = (SELECT app.viewer_id()) AND publication_id IN (SELECT app.viewer_publications())
    AND state IN ('submitted', 'resubmitted', 'withdrawn'));
--> statement-breakpoint
CREATE POLICY submissions_review ON submissions FOR UPDATE TO app_user
  USING (author_id <> (SELECT app.viewer_id())
    AND publication_id IN (SELECT app.publications_with('submissions.review')))
  WITH CHECK (author_id <> (SELECT app.viewer_id()) AND state IN ('in_review', 'changes_requested')
    AND publication_id IN (SELECT app.publications_with('submissions.review')));
--> statement-breakpoint
CREATE POLICY submissions_approve ON submissions FOR UPDATE TO app_user
  USING (author_id <> (SELECT app.viewer_id())
    AND publication_id IN (SELECT app.publications_with('submissions.approve')))
  WITH CHECK (author_id <> (SELECT app.viewer_id()) AND state = 'approved'
    AND publication_id IN (SELECT app.publications_with('submissions.approve')));
--> statement-breakpoint
CREATE POLICY submissions_publish ON submissions FOR UPDATE TO app_user
  USING (author_id <> (SELECT app.viewer_id())
    AND publication_id IN (SELECT app.publications_with('submissions.publish')))
  WITH CHECK (author_id <> (SELECT app.viewer_id()) AND state IN ('scheduled', 'published')
    AND publication_id IN (SELECT app.publications_with('submissions.publish')));
--> statement-breakpoint

-- submission_events and submission_tasks are readable when their submission is: the subquery runs under the reader's
-- own policies. Triggers write them. A member takes an open task that their permissions allow, or gives it back.
-- Authors do not take tasks of their own articles.
GRANT SELECT ON submission_events TO app_user, app_worker;
--> statement-breakpoint
CREATE POLICY submission_events_read ON submission_events FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM submissions WHERE submissions.id = submission_id));
--> statement-breakpoint
CREATE POLICY submission_events_worker ON submission_events FOR SELECT TO app_worker USING (true);
--> statement-breakpoint
GRANT SELECT, UPDATE (assignee_id) ON submission_tasks TO app_user;
--> statement-breakpoint
GRANT SELECT ON submission_tasks TO app_worker;
--> statement-breakpoint
CREATE POLICY submission_tasks_read ON submission_tasks FOR SELECT TO app_user
  USING (EXISTS (SELECT FROM submissions WHERE submissions.id = submission_id));
--> statement-breakpoint
CREATE POLICY submission_tasks_take ON submission_tasks FOR UPDATE TO app_user
  USING (status = 'open' AND permission = ANY (app.viewer_permissions(publication_id))
    AND (assignee_id IS NULL OR assignee_id = (SELECT app.viewer_id()))
    AND EXISTS (SELECT FROM submissions
      WHERE submissions.id = submission_id AND author_id <> (SELECT app.viewer_id())))
  WITH CHECK (assignee_id IS NULL OR assignee_id = (SELECT app.viewer_id()));
--> statement-breakpoint
CREATE POLICY submission_tasks_worker ON submission_tasks FOR SELECT TO app_worker USING (true);
--> statement-breakpoint

-- articles: only the editorial process sets the publication of an article.
CREATE POLICY articles_without_publication ON articles AS RESTRICTIVE FOR INSERT TO app_user
  WITH CHECK (publication_id IS NULL);
--> statement-breakpoint
-- The article of a submission, for viewers who may read the submission. When the submission has ended, what its author
-- writes is private again: other members then read the text only while everyone may. The view runs with the rights of its
-- owner and repeats the condition of submissions_read. security_barrier keeps functions of a query's own WHERE away from
-- other rows.
CREATE VIEW app.submitted_articles WITH (security_barrier) AS
  SELECT submissions.id AS submission_id, articles.id AS article_id, is_public, is_readable, articles.updated_at,
    CASE WHEN is_readable THEN articles.slug ELSE '' END AS slug,
    CASE WHEN is_readable THEN articles.title ELSE 'A private article' END AS title,
    CASE WHEN is_readable THEN articles.excerpt ELSE '' END AS excerpt,
    CASE WHEN is_readable THEN articles.body ELSE '' END AS body
  FROM submissions JOIN articles ON articles.id = submissions.article_id,
    LATERAL (SELECT app.reads_article(articles.published_at, articles.delete_at, articles.author_id, NULL) IS TRUE
      AS is_public) AS page,
    LATERAL (SELECT is_public OR submissions.state NOT IN ('published', 'withdrawn')
      OR submissions.author_id = (SELECT app.viewer_id()) AS is_readable) AS reader
  WHERE (submissions.state <> 'draft' AND submissions.publication_id IN (SELECT app.desk_publications()))
    OR (submissions.author_id = (SELECT app.viewer_id())
      AND submissions.publication_id IN (SELECT app.viewer_publications()));
--> statement-breakpoint
GRANT SELECT ON app.submitted_articles TO app_user;
--> statement-breakpoint

-- A new publication has an owner, who is its founder, and roles to begin with.
CREATE FUNCTION app.equip_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  owner_role uuid;
BEGIN
  INSERT INTO publication_roles (publication_id, name, permissions, is_owner) VALUES (NEW.id, 'Owner', ARRAY[
    'members.manage', 'roles.manage', 'settings.manage', 'submissions.read', 'submissions.review',
    'submissions.approve', 'submissions.publish', 'evidence.record'], true)
  RETURNING id INTO owner_role;
  INSERT INTO publication_roles (publication_id, name, permissions) VALUES
    (NEW.id, 'Editor', ARRAY['submissions.read', 'submissions.review', 'submissions.approve',
      'submissions.publish', 'evidence.record']),
    (NEW.id, 'Reviewer', ARRAY['submissions.review']),
    (NEW.id, 'Moderator', ARRAY['submissions.read']),
    (NEW.id, 'Writer', '{}');
  IF NEW.founder_id IS NOT NULL THEN
    INSERT INTO publication_members (publication_id, user_id) VALUES (NEW.id, NEW.founder_id);
    INSERT INTO publication_member_roles (publication_id, user_id, role_id)
      VALUES (NEW.id, NEW.founder_id, owner_role);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.equip_publication() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publications_equipped AFTER INSERT ON publications
  FOR EACH ROW EXECUTE FUNCTION app.equip_publication();
--> statement-breakpoint
-- At least one owner is kept, whichever role writes, while the publication and the person exist. Only the role of
-- owners takes the lock: the deletion of another role deletes many rows, and would wait for rows whose deletion waits
-- for this lock.
CREATE FUNCTION app.keep_one_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM publication_roles WHERE id = OLD.role_id AND is_owner)
    OR NOT EXISTS (SELECT FROM publications WHERE id = OLD.publication_id)
    OR NOT EXISTS (SELECT FROM users WHERE id = OLD.user_id)
  THEN
    RETURN OLD;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('app.owners ' || OLD.publication_id, 0));
  IF NOT EXISTS (
    SELECT FROM publication_member_roles WHERE role_id = OLD.role_id AND user_id <> OLD.user_id)
  THEN
    RAISE EXCEPTION 'A publication keeps one owner.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.keep_one_owner() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publication_member_roles_keep_one_owner BEFORE DELETE ON publication_member_roles
  FOR EACH ROW EXECUTE FUNCTION app.keep_one_owner();
--> statement-breakpoint

-- The channels of publications that only members may join: those of the team, the desk, the chat, the chart and the
-- figures, and those of unfinished submissions. A finished submission publishes nothing more.
CREATE FUNCTION app.channels_of_publications(wanted uuid[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT kind || id FROM unnest(wanted) AS id,
    unnest(ARRAY['team.', 'desk.', 'chat.', 'chart.', 'figures.member.', 'figures.editor.']) AS kind
  UNION
  SELECT 'submission.' || id FROM submissions
    WHERE publication_id = ANY (wanted) AND state NOT IN ('published', 'withdrawn')
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.channels_of_publications(uuid[]) FROM PUBLIC;
--> statement-breakpoint
-- The end of rights. The channels that only members may join get other wire names. In a fixed order, so that concurrent
-- changes do not deadlock.
CREATE FUNCTION app.move_channels_of_publications(moved uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  channel text;
BEGIN
  FOR channel IN SELECT app.channels_of_publications(moved) ORDER BY 1 LOOP
    PERFORM querycast.bump_access_epoch(channel);
  END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.move_channels_of_publications(uuid[]) FROM PUBLIC;
--> statement-breakpoint
-- Gives back the open tasks that their assignee may no longer do.
CREATE FUNCTION app.release_tasks(of_publications uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  UPDATE submission_tasks SET assignee_id = NULL
  WHERE publication_id = ANY (of_publications) AND status = 'open' AND permission IS NOT NULL
    AND assignee_id IS NOT NULL
    AND permission <> ALL (app.member_permissions(publication_id, assignee_id))
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.release_tasks(uuid[]) FROM PUBLIC;
--> statement-breakpoint
-- Revokes the open invitations that their sender could no longer make.
CREATE FUNCTION app.revoke_invitations(of_publications uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  UPDATE publication_invitations SET status = 'revoked'
  WHERE publication_id = ANY (of_publications) AND status = 'open'
    AND NOT app.member_may_give_role(invited_by, role_id)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.revoke_invitations(uuid[]) FROM PUBLIC;
--> statement-breakpoint
-- A member who goes takes unfinished submissions along. Rows of a publication or a person that is deleted at this
-- moment are left to the cascade.
CREATE FUNCTION app.end_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  left_publications uuid[] := ARRAY(
    SELECT DISTINCT publication_id FROM gone WHERE publication_id IN (SELECT id FROM publications) ORDER BY 1);
BEGIN
  IF left_publications = '{}' THEN
    RETURN NULL;
  END IF;
  PERFORM app.move_channels_of_publications(left_publications);
  UPDATE submissions SET state = 'withdrawn', note = 'The author left the publication.'
    FROM gone JOIN users ON users.id = gone.user_id
    WHERE submissions.publication_id = gone.publication_id AND submissions.author_id = gone.user_id
      AND submissions.publication_id = ANY (left_publications)
      AND submissions.state NOT IN ('published', 'withdrawn');
  PERFORM app.release_tasks(left_publications);
  PERFORM app.revoke_invitations(left_publications);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_membership() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publication_members_ended AFTER DELETE ON publication_members REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION app.end_membership();
--> statement-breakpoint
-- A member loses a role and stays a member. The trigger above handles members who leave.
CREATE FUNCTION app.end_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  narrowed uuid[] := ARRAY(
    SELECT DISTINCT gone.publication_id FROM gone
    JOIN publication_members AS member
      ON member.publication_id = gone.publication_id AND member.user_id = gone.user_id
    JOIN publications ON publications.id = gone.publication_id ORDER BY 1);
BEGIN
  IF narrowed <> '{}' THEN
    PERFORM app.move_channels_of_publications(narrowed);
    PERFORM app.release_tasks(narrowed);
    PERFORM app.revoke_invitations(narrowed);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.end_role() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publication_member_roles_ended AFTER DELETE ON publication_member_roles
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION app.end_role();
--> statement-breakpoint
CREATE FUNCTION app.narrow_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM app.move_channels_of_publications(ARRAY[NEW.publication_id]);
  PERFORM app.release_tasks(ARRAY[NEW.publication_id]);
  PERFORM app.revoke_invitations(ARRAY[NEW.publication_id]);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.narrow_role() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publication_roles_narrowed AFTER UPDATE OF permissions ON publication_roles
  FOR EACH ROW WHEN (NOT (OLD.permissions <@ NEW.permissions)) EXECUTE FUNCTION app.narrow_role();
--> statement-breakpoint
CREATE TRIGGER submissions_revoked AFTER DELETE ON submissions
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('submission.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_team AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('team.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_desk AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('desk.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_chat AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('chat.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_chart AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('chart.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('publication.');
--> statement-breakpoint

-- Notifications of submissions and invitations show the title of an article, while the recipient may read it, and the
-- name and the URL of a publication. Members who get or lose a role are signalled on their own channel.
CREATE FUNCTION app.tell_notified_of_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object(
      'channel', 'user.' || recipient_id, 'name', 'notification.updated', 'ids', NULL)),
    NULL, NULL)
  FROM (
    SELECT recipient_id FROM submissions
      JOIN notifications ON notifications.submission_id = submissions.id
      WHERE TG_TABLE_NAME = 'articles' AND submissions.article_id = NEW.id
    UNION
    SELECT recipient_id FROM submissions
      JOIN notifications ON notifications.submission_id = submissions.id
      WHERE TG_TABLE_NAME = 'publications' AND submissions.publication_id = NEW.id
    UNION
    SELECT recipient_id FROM publication_invitations AS invitation
      JOIN notifications ON notifications.invitation_id = invitation.id
      WHERE TG_TABLE_NAME = 'publications' AND invitation.publication_id = NEW.id
    UNION
    SELECT recipient_id FROM publication_member_roles AS held
      JOIN submissions ON submissions.publication_id = held.publication_id
      JOIN notifications
        ON notifications.submission_id = submissions.id AND notifications.recipient_id = held.user_id
      WHERE TG_TABLE_NAME = 'publication_roles' AND held.role_id = NEW.id
  ) AS recipients
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_notified_of_publication() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_renamed_submission AFTER UPDATE OF title ON articles
  FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title)
  EXECUTE FUNCTION app.tell_notified_of_publication();
--> statement-breakpoint
CREATE TRIGGER publications_renamed AFTER UPDATE OF slug, name ON publications
  FOR EACH ROW WHEN ((OLD.slug, OLD.name) IS DISTINCT FROM (NEW.slug, NEW.name))
  EXECUTE FUNCTION app.tell_notified_of_publication();
--> statement-breakpoint
CREATE TRIGGER publication_roles_permitted AFTER UPDATE OF permissions ON publication_roles
  FOR EACH ROW WHEN (OLD.permissions IS DISTINCT FROM NEW.permissions)
  EXECUTE FUNCTION app.tell_notified_of_publication();
--> statement-breakpoint

-- A list of the publications of a member, and of invitations to them, shows name, description and number of articles.
-- The writer of such a change does not know these people, so triggers publish it on the channel of each person. The
-- argument is the column with the id of the publication.
CREATE FUNCTION app.tell_members_of_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  changed uuid[] := ARRAY[(to_jsonb(OLD) ->> TG_ARGV[0])::uuid, (to_jsonb(NEW) ->> TG_ARGV[0])::uuid];
BEGIN
  PERFORM querycast.append_signals(
    json_agg(json_build_object('channel', 'user.' || user_id, 'name', 'publication.updated',
      'ids', format('{"publicationId":"%s"}', publication_id))),
    NULL, NULL)
  FROM (
    SELECT publication_id, user_id FROM publication_members WHERE publication_id = ANY (changed)
    UNION
    SELECT publication_id, invitee_id FROM publication_invitations
      WHERE publication_id = ANY (changed) AND status = 'open' AND invitee_id IS NOT NULL
  ) AS people
  HAVING count(*) > 0;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.tell_members_of_publication() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publications_listed AFTER UPDATE OF slug, name, description ON publications
  FOR EACH ROW WHEN (
    (OLD.slug, OLD.name, OLD.description) IS DISTINCT FROM (NEW.slug, NEW.name, NEW.description))
  EXECUTE FUNCTION app.tell_members_of_publication('id');
--> statement-breakpoint
CREATE TRIGGER articles_counted AFTER UPDATE OF publication_id, published_at, delete_at ON articles
  FOR EACH ROW WHEN (
    coalesce(OLD.publication_id, NEW.publication_id) IS NOT NULL
    AND (OLD.publication_id, OLD.published_at, OLD.delete_at)
      IS DISTINCT FROM (NEW.publication_id, NEW.published_at, NEW.delete_at))
  EXECUTE FUNCTION app.tell_members_of_publication('publication_id');
--> statement-breakpoint
CREATE TRIGGER articles_counted_added AFTER INSERT ON articles
  FOR EACH ROW WHEN (NEW.publication_id IS NOT NULL)
  EXECUTE FUNCTION app.tell_members_of_publication('publication_id');
--> statement-breakpoint
CREATE TRIGGER articles_counted_deleted AFTER DELETE ON articles
  FOR EACH ROW WHEN (OLD.publication_id IS NOT NULL)
  EXECUTE FUNCTION app.tell_members_of_publication('publication_id');
--> statement-breakpoint

-- Invitations. The account of the e-mail is looked up here, because no other role reads e-mails.
CREATE FUNCTION app.find_invitee() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  NEW.invitee_id := (SELECT user_id FROM credentials WHERE email = NEW.email);
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.find_invitee() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER publication_invitations_invitee BEFORE INSERT ON publication_invitations
  FOR EACH ROW EXECUTE FUNCTION app.find_invitee();
--> statement-breakpoint
-- An invitation for its page, for viewers who have the token or the e-mail. Others get no row. Invitees are no members
-- yet, so the policies would hide the role from them.
CREATE FUNCTION app.read_invitation(wanted uuid, sent_hash text) RETURNS TABLE (
  id uuid, email text, status text, expires_at timestamptz, is_expired boolean, is_for_viewer boolean,
  has_proof boolean, publication_id uuid, slug text, name text, description text, role_name text,
  invited_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT invitation.id, invitation.email, invitation.status, invitation.expires_at,
    invitation.expires_at <= now(), coalesce(invitation.email = app.viewer_email(), false),
    coalesce(invitation.token_hash = sent_hash, false) OR app.viewer_has_proved_email(),
    publication.id, publication.slug, publication.name, publication.description, role.name, users.name
  FROM publication_invitations AS invitation
    JOIN publications AS publication ON publication.id = invitation.publication_id
    JOIN publication_roles AS role ON role.id = invitation.role_id
    JOIN users ON users.id = invitation.invited_by
  WHERE invitation.id = wanted
    AND (invitation.token_hash = sent_hash OR invitation.email = app.viewer_email())
$$;
--> statement-breakpoint
-- The open invitations of the viewer's account, for the directory of publications. Invitees are no members yet, so the
-- policies would hide the role from them. Without proof of the e-mail, the person has to open the link to answer. An
-- invitation that is older than the account is not listed.
CREATE FUNCTION app.own_invitations() RETURNS TABLE (
  id uuid, expires_at timestamptz, has_proof boolean, slug text, name text, role_name text, invited_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT invitation.id, invitation.expires_at, app.viewer_has_proved_email(), publication.slug, publication.name,
    role.name, users.name
  FROM publication_invitations AS invitation
    JOIN publications AS publication ON publication.id = invitation.publication_id
    JOIN publication_roles AS role ON role.id = invitation.role_id
    JOIN users ON users.id = invitation.invited_by
  WHERE invitation.invitee_id = app.viewer_id() AND invitation.email = app.viewer_email()
    AND invitation.status = 'open' AND invitation.expires_at > now()
$$;
--> statement-breakpoint
-- Accepts or declines an invitation, and returns its status afterwards; no row when the viewer may not answer it. The
-- viewer has the e-mail of the invitation. An account that has not proved this e-mail needs the token as well, however
-- old it is. The token proves nothing for other invitations, since the sender of this one has seen it. The right of the
-- sender is checked again: a role that got more permissions, a ban, and a right that ended while the invitation was sent
-- have not revoked it.
CREATE FUNCTION app.answer_invitation(wanted uuid, sent_hash text, accepts boolean) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  invitation publication_invitations;
BEGIN
  -- In the order in which a deletion of the publication or of the role locks its rows, so that both do not deadlock.
  PERFORM FROM publications
    WHERE id = (SELECT publication_id FROM publication_invitations WHERE id = wanted) FOR KEY SHARE;
  PERFORM FROM publication_roles
    WHERE id = (SELECT role_id FROM publication_invitations WHERE id = wanted) FOR KEY SHARE;
  SELECT * INTO invitation FROM publication_invitations WHERE id = wanted FOR UPDATE;
  IF (invitation.email = app.viewer_email()
    AND (invitation.token_hash = sent_hash OR app.viewer_has_proved_email())) IS NOT TRUE
  THEN
    RETURN;
  END IF;
  IF invitation.status <> 'open' THEN
    RETURN NEXT invitation.status;
    RETURN;
  END IF;
  IF invitation.expires_at <= now() THEN
    RETURN NEXT 'expired';
    RETURN;
  END IF;
  IF accepts AND (EXISTS (SELECT FROM user_bans WHERE user_id = invitation.invited_by)
    OR NOT app.member_may_give_role(invitation.invited_by, invitation.role_id))
  THEN
    RETURN NEXT 'withdrawn';
    RETURN;
  END IF;
  UPDATE publication_invitations
    SET status = CASE WHEN accepts THEN 'accepted' ELSE 'declined' END, answered_at = now(),
      invitee_id = app.viewer_id()
    WHERE id = wanted;
  IF accepts THEN
    INSERT INTO publication_members (publication_id, user_id)
      VALUES (invitation.publication_id, app.viewer_id()) ON CONFLICT DO NOTHING;
    INSERT INTO publication_member_roles (publication_id, user_id, role_id)
      VALUES (invitation.publication_id, app.viewer_id(), invitation.role_id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NEXT CASE WHEN accepts THEN 'accepted' ELSE 'declined' END;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.read_invitation(uuid, text), app.own_invitations(),
  app.answer_invitation(uuid, text, boolean) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.read_invitation(uuid, text), app.own_invitations(),
  app.answer_invitation(uuid, text, boolean) TO app_user;
--> statement-breakpoint

-- Every transaction locks the rows of the editorial process in the same order, so that no two deadlock: members, roles,
-- submissions, the publication, then articles. Triggers lock in this order, too: a step locks its submission, then the
-- publication of its tasks, then the article. A change of an article locks its open submission first, by this function.
-- Viewers lock submissions of their own. Jobs have no viewer, and lock any.
CREATE FUNCTION app.lock_open_submissions(of_articles uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM FROM submissions
    WHERE article_id = ANY (of_articles) AND state NOT IN ('published', 'withdrawn')
      AND (app.viewer_id() IS NULL OR author_id = app.viewer_id())
    ORDER BY id FOR UPDATE;
END
$$;
--> statement-breakpoint
-- Locks the viewer's roles in a publication. A task that is taken with a right which ends at the same moment would stay
-- with a member who can no longer do it: the end of the right waits, and then releases the task.
CREATE FUNCTION app.lock_viewer_roles(publication uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM FROM publication_roles
    WHERE publication_id = publication AND id IN (
      SELECT role_id FROM publication_member_roles
      WHERE publication_id = publication AND user_id = app.viewer_id())
    ORDER BY id FOR SHARE;
  PERFORM FROM publication_member_roles
    WHERE publication_id = publication AND user_id = app.viewer_id() ORDER BY role_id FOR SHARE;
END
$$;
--> statement-breakpoint
-- Locks what the deletion of a publication of the viewer deletes before the publication itself.
CREATE FUNCTION app.lock_owned_publication(publication uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  IF publication IN (SELECT app.owned_publications()) THEN
    PERFORM FROM publication_members WHERE publication_id = publication ORDER BY user_id FOR UPDATE;
    PERFORM FROM submissions WHERE publication_id = publication ORDER BY id FOR UPDATE;
  END IF;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.lock_open_submissions(uuid[]), app.lock_viewer_roles(uuid),
  app.lock_owned_publication(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.lock_open_submissions(uuid[]) TO app_user, app_worker;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.lock_viewer_roles(uuid), app.lock_owned_publication(uuid) TO app_user;
--> statement-breakpoint

-- The editorial process. Refuses transitions that are not in src/lib/publications/process.ts, whichever role writes.
-- An approval names the version of the text that was read; only that version is published.
CREATE FUNCTION app.check_submission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  version timestamptz;
BEGIN
  IF NOT EXISTS (
    SELECT FROM (VALUES
      ('draft', 'submitted'), ('submitted', 'in_review'), ('resubmitted', 'in_review'),
      ('in_review', 'changes_requested'), ('changes_requested', 'resubmitted'), ('in_review', 'approved'),
      ('approved', 'in_review'), ('scheduled', 'in_review'), ('approved', 'scheduled'),
      ('approved', 'published'), ('scheduled', 'published'), ('draft', 'withdrawn'), ('submitted', 'withdrawn'),
      ('in_review', 'withdrawn'), ('changes_requested', 'withdrawn'), ('resubmitted', 'withdrawn'),
      ('approved', 'withdrawn'), ('scheduled', 'withdrawn')) AS allowed (former, next)
    WHERE former = OLD.state AND next = NEW.state)
  THEN
    RAISE EXCEPTION 'A submission does not go from % to %.', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  NEW.updated_at := clock_timestamp();
  IF NEW.state <> 'scheduled' THEN
    NEW.scheduled_for := NULL;
  END IF;
  IF NEW.state <> 'approved' THEN
    NEW.approved_version := OLD.approved_version;
  END IF;
  IF NEW.state IN ('approved', 'scheduled', 'published') THEN
    SELECT updated_at INTO version FROM articles
      WHERE id = NEW.article_id AND delete_at IS NULL FOR UPDATE;
    IF (version = NEW.approved_version) IS NOT TRUE THEN
      RAISE EXCEPTION 'The text was changed since it was read.' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.check_submission() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER submissions_checked
  BEFORE UPDATE OF state, note, scheduled_for, approved_version ON submissions
  FOR EACH ROW EXECUTE FUNCTION app.check_submission();
--> statement-breakpoint
-- Records the step, closes the tasks that it ends, creates the tasks that follow, and publishes the article.
CREATE FUNCTION app.advance_submission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
  actor uuid := app.viewer_id();
  former_state text;
  former_reviewer uuid;
  -- The tasks that this step does. Other tasks that no longer fit are dropped.
  fulfilled text[] := CASE NEW.state
    WHEN 'submitted' THEN '{submit}' WHEN 'resubmitted' THEN '{revise}' WHEN 'changes_requested' THEN '{review}'
    WHEN 'approved' THEN '{review,approve}' WHEN 'scheduled' THEN '{publish}' WHEN 'published' THEN '{publish}'
    ELSE '{}' END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    former_state := OLD.state;
  END IF;
  INSERT INTO submission_events (submission_id, actor_id, from_state, to_state, note)
    VALUES (NEW.id, actor, former_state, NEW.state, NEW.note);

  SELECT assignee_id INTO former_reviewer FROM submission_tasks
    WHERE submission_id = NEW.id AND kind = 'review' AND status = 'done'
      AND 'submissions.review' = ANY (app.member_permissions(NEW.publication_id, assignee_id))
    ORDER BY closed_at DESC LIMIT 1;
  WITH due AS (
    SELECT kind, permission, assignee FROM (VALUES
      ('draft', 'submit', NULL, NEW.author_id),
      ('submitted', 'review', 'submissions.review', NULL),
      ('resubmitted', 'review', 'submissions.review', former_reviewer),
      ('in_review', 'review', 'submissions.review', actor),
      ('in_review', 'approve', 'submissions.approve', NULL),
      ('changes_requested', 'revise', NULL, NEW.author_id),
      ('approved', 'publish', 'submissions.publish', NULL)) AS tasks (state, kind, permission, assignee)
    WHERE state = NEW.state
  ), closed AS (
    UPDATE submission_tasks SET status = CASE WHEN kind = ANY (fulfilled) THEN 'done' ELSE 'dropped' END,
        closed_at = clock_timestamp(), closed_by = actor
      WHERE submission_id = NEW.id AND status = 'open' AND kind NOT IN (SELECT kind FROM due)
  )
  INSERT INTO submission_tasks (publication_id, submission_id, kind, permission, assignee_id, created_by)
    SELECT NEW.publication_id, NEW.id, kind, permission, assignee, actor FROM due
    ON CONFLICT (submission_id, kind) WHERE status = 'open' DO UPDATE SET assignee_id = EXCLUDED.assignee_id
      WHERE submission_tasks.assignee_id IS DISTINCT FROM EXCLUDED.assignee_id;

  IF NEW.state = 'published' THEN
    UPDATE articles SET publication_id = NEW.publication_id,
        published_at = CASE WHEN published_at <= now() THEN published_at ELSE now() END
      WHERE id = NEW.article_id;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.advance_submission() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER submissions_advanced AFTER INSERT OR UPDATE OF state ON submissions
  FOR EACH ROW EXECUTE FUNCTION app.advance_submission();
--> statement-breakpoint
-- The pages of an unfinished submission show title and text of its article. The change of this row is captured.
CREATE FUNCTION app.note_changed_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  UPDATE submissions SET text_changed_at = clock_timestamp()
    WHERE article_id = NEW.id AND state NOT IN ('published', 'withdrawn');
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.note_changed_text() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_changed_text AFTER UPDATE OF title, excerpt, body, updated_at ON articles
  FOR EACH ROW WHEN (
    (OLD.title, OLD.excerpt, OLD.body, OLD.updated_at)
      IS DISTINCT FROM (NEW.title, NEW.excerpt, NEW.body, NEW.updated_at))
  EXECUTE FUNCTION app.note_changed_text();
--> statement-breakpoint
-- An article that its author deletes leaves the process, so that no member reviews what cannot be published. Its author
-- can submit it again after restoring it.
CREATE FUNCTION app.withdraw_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  UPDATE submissions SET state = 'withdrawn', note = 'The author deleted the article.'
    WHERE article_id = NEW.id AND state NOT IN ('published', 'withdrawn');
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.withdraw_deleted() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER articles_deleted_withdraw AFTER UPDATE OF delete_at ON articles
  FOR EACH ROW WHEN (OLD.delete_at IS NULL AND NEW.delete_at IS NOT NULL)
  EXECUTE FUNCTION app.withdraw_deleted();
--> statement-breakpoint
-- Locks the article of a new submission and the membership of its author. An article that is being deleted is not
-- submitted, and the deletion of an article that is being submitted waits, and then withdraws it. The end of a membership
-- waits in the same way. Without the locks neither transaction would see the other's row.
CREATE FUNCTION app.lock_author_and_article() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
  PERFORM FROM publication_members
    WHERE publication_id = NEW.publication_id AND user_id = NEW.author_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The author is no member.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM publications WHERE id = NEW.publication_id FOR KEY SHARE;
  PERFORM FROM articles WHERE id = NEW.article_id AND delete_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The article was deleted.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.lock_author_and_article() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER submissions_lock_author_and_article BEFORE INSERT ON submissions
  FOR EACH ROW EXECUTE FUNCTION app.lock_author_and_article();
--> statement-breakpoint
-- An article that its author takes back is no longer of the publication: publishing it again needs the process again.
CREATE FUNCTION app.leave_publication() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
  NEW.publication_id := NULL;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER articles_leave_publication BEFORE UPDATE OF published_at ON articles
  FOR EACH ROW WHEN (OLD.published_at IS NOT NULL AND NEW.published_at IS NULL)
  EXECUTE FUNCTION app.leave_publication();
--> statement-breakpoint
-- The scheduled submissions that are due.
CREATE FUNCTION app.due_submissions(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT id FROM submissions WHERE state = 'scheduled' AND scheduled_for <= now()
  ORDER BY scheduled_for LIMIT most
$$;
--> statement-breakpoint
-- Publishes a scheduled submission that is due. A text that was changed since its approval goes back to review. Several
-- processes may run it at once. Returns the new state, and for a published one the tags whose feeds have changed.
CREATE FUNCTION app.publish_due_submission(submission uuid) RETURNS TABLE (
  state text, article_id uuid, author_id uuid, tag_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
#variable_conflict use_column
DECLARE
  due submissions;
BEGIN
  SELECT * INTO due FROM submissions
    WHERE id = submission AND state = 'scheduled' AND scheduled_for <= now() FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF EXISTS (
    SELECT FROM articles
    WHERE id = due.article_id AND delete_at IS NULL AND updated_at = due.approved_version)
  THEN
    UPDATE submissions SET state = 'published', note = '' WHERE id = due.id;
    RETURN QUERY SELECT 'published', due.article_id, due.author_id,
      ARRAY(SELECT tag_id FROM article_tags WHERE article_id = due.article_id ORDER BY 1);
  ELSE
    UPDATE submissions SET state = 'in_review', note = 'The text was changed after its approval.'
      WHERE id = due.id;
    RETURN QUERY SELECT 'in_review', due.article_id, due.author_id, '{}'::uuid[];
  END IF;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.due_submissions(integer), app.publish_due_submission(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.due_submissions(integer), app.publish_due_submission(uuid) TO app_worker;
