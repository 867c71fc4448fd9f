-- The open invitations of the viewer's account, for the directory of publications. Invitees are no members yet, so the
-- policies would hide the role from them. An account that is younger than an invitation has not proved its e-mail: its
-- person has to open the link, and nothing is listed here.
CREATE FUNCTION app.own_invitations() RETURNS TABLE (
  id uuid, expires_at timestamptz, slug text, name text, role_name text, invited_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT invitation.id, invitation.expires_at, publication.slug, publication.name, role.name, users.name
  FROM publication_invitations AS invitation
    JOIN publications AS publication ON publication.id = invitation.publication_id
    JOIN publication_roles AS role ON role.id = invitation.role_id
    JOIN users ON users.id = invitation.invited_by
  WHERE invitation.invitee_id = app.viewer_id() AND invitation.email = app.viewer_email()
    AND invitation.status = 'open' AND invitation.expires_at > now()
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.own_invitations() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.own_invitations() TO app_user;
