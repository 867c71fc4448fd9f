-- An owner deletes a publication. Foreign keys delete what belongs to it in the same transaction, and keep its published
-- articles. Observations are never deleted: their foreign key refuses the deletion of their publication.
CREATE FUNCTION app.owned_publications() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
  SELECT role.publication_id
  FROM publication_member_roles AS held JOIN publication_roles AS role ON role.id = held.role_id
  WHERE held.user_id = app.viewer_id() AND role.is_owner
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION app.owned_publications() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION app.owned_publications() TO app_user;
--> statement-breakpoint
GRANT DELETE ON publications TO app_user;
--> statement-breakpoint
CREATE POLICY publications_delete ON publications FOR DELETE TO app_user
  USING (id IN (SELECT app.owned_publications()));
--> statement-breakpoint
-- As for the other channels of a publication, in 0004_publications.sql.
CREATE TRIGGER publications_revoked_chat AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('chat.');
--> statement-breakpoint
CREATE TRIGGER publications_revoked_chart AFTER DELETE ON publications
  FOR EACH ROW EXECUTE FUNCTION app.revoke_channel('chart.');
