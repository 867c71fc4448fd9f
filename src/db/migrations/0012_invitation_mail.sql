-- Whether the e-mail of an invitation was sent; null when the site sends none. Until then its token is kept, encrypted by
-- the site. No viewer reads it.
ALTER TABLE publication_invitations
  ADD COLUMN mail_state text,
  ADD COLUMN sealed_token text,
  ADD CONSTRAINT publication_invitations_mail_state CHECK (mail_state IN ('waiting', 'sent', 'failed')),
  ADD CONSTRAINT publication_invitations_sealed_token CHECK ((sealed_token IS NOT NULL) = (mail_state IS NOT DISTINCT FROM 'waiting'));
--> statement-breakpoint
GRANT SELECT (mail_state) ON publication_invitations TO app_user;
--> statement-breakpoint
-- The job that sends it.
GRANT SELECT (email, role_id, expires_at, mail_state, sealed_token), UPDATE (mail_state, sealed_token)
  ON publication_invitations TO app_worker;
--> statement-breakpoint
CREATE POLICY publication_invitations_mail ON publication_invitations FOR UPDATE TO app_worker
  USING (mail_state = 'waiting') WITH CHECK (mail_state IS DISTINCT FROM 'waiting');
