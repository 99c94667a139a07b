-- Whoever keeps in memory what callers may do hears of each change (features/auth/known_owners).
CREATE FUNCTION tell_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rights_changed', '');
    RETURN NULL;
END $$;

CREATE TRIGGER rights_told AFTER INSERT OR DELETE ON api_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
-- Not when its use is noted.
CREATE TRIGGER rights_told_anew AFTER UPDATE OF account_id, user_id, name, token_hash, state, expires_at
    ON api_tokens FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER UPDATE OF state, ip_restrictions_enabled ON accounts
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER DELETE OR UPDATE OF email, is_active ON users
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON account_members
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON groups
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON group_members
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON group_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON token_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_told AFTER INSERT OR UPDATE OR DELETE ON ip_restriction_rules
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
