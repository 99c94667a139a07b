-- Codes of an authenticator app, which some people have to give besides their password.
CREATE TABLE second_factors (
    user_id       bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    -- By a first code, which shows that the app has the secret; until then it is not asked for.
    confirmed_at  timestamptz,
    -- The code of a step is good once.
    last_step     bigint NOT NULL DEFAULT 0,
    failures      integer NOT NULL DEFAULT 0,
    blocked_until timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- For whoever has lost the app, each good once.
CREATE TABLE recovery_codes (
    user_id   bigint NOT NULL REFERENCES second_factors ON DELETE CASCADE,
    code_hash text NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

-- Links by which somebody sets a new password.
CREATE TABLE password_resets (
    token_hash text PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours'
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);
