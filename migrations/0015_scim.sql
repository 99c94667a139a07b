-- People and groups as an identity provider keeps them (SCIM 2.0, RFC 7643 and 7644).

CREATE TABLE scim_configurations (
    account_id             bigint PRIMARY KEY REFERENCES accounts (id),
    enabled                boolean NOT NULL DEFAULT false,
    manual_updates_allowed boolean NOT NULL DEFAULT true,
    scim_controlled_license_type boolean NOT NULL DEFAULT false,
    updated_at             timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE account_members ADD COLUMN scim_managed boolean NOT NULL DEFAULT false;
ALTER TABLE account_members ADD COLUMN external_id text;
