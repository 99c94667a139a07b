"""Rows that no endpoint makes yet: accounts, connections, projects, environments, secrets.

Straight into the appliance's database, as its owner, over the Unix socket. All that tests know of
tables and of how secrets are sealed stands here.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, replace

import nacl.bindings
import nacl.encoding
import nacl.hash

INSERT_ACCOUNT = """
BEGIN;
INSERT INTO accounts (name, identifier, run_slots)
VALUES (:'name', :'identifier', :run_slots) RETURNING id AS account \\gset
INSERT INTO users (email, first_name) VALUES (:'email', 'Test') RETURNING id AS owner \\gset
INSERT INTO account_members (account_id, user_id, is_owner) VALUES (:account, :owner, true);
INSERT INTO api_tokens (account_id, user_id, kind, name, token_hash)
VALUES (:account, :owner, 'user', 'test', :'token_hash');
COMMIT;
SELECT :account;
"""

INSERT_PROJECT = """
BEGIN;
INSERT INTO connections (account_id, name, adapter_version, config)
VALUES (:account, :'connection_name', :'adapter', :'config') RETURNING id AS connection \\gset
INSERT INTO projects (account_id, name, connection_id, dbt_project_subdirectory)
VALUES (:account, :'name', :connection, nullif(:'subdirectory', '')) RETURNING id AS project \\gset
INSERT INTO repositories (account_id, project_id, remote_url)
VALUES (:account, :project, :'remote_url') RETURNING id AS repository \\gset
UPDATE projects SET repository_id = :repository WHERE id = :project;
INSERT INTO credentials (account_id, project_id, type, schema, threads, fields)
VALUES (:account, :project, 'adapter', :'schema', 4, :'fields') RETURNING id AS credentials \\gset
INSERT INTO environments (account_id, project_id, name, deployment_type, connection_id,
                          credentials_id, extended_attributes)
VALUES (:account, :project, 'Production', 'production', :connection, :credentials, :'extended')
RETURNING id AS environment \\gset
COMMIT;
SELECT :project, :environment, :connection, :credentials;
"""

INSERT_ENVIRONMENT = """
BEGIN;
INSERT INTO credentials (account_id, project_id, type, schema, threads, fields, sealed_fields)
SELECT account_id, project_id, type, :'schema', threads, fields, NULL
FROM credentials WHERE id = :credentials RETURNING id AS credentials \\gset
INSERT INTO environments (account_id, project_id, name, connection_id, credentials_id)
SELECT account_id, project_id, :'name', connection_id, :credentials
FROM environments WHERE id = :environment RETURNING id AS environment \\gset
COMMIT;
SELECT :environment, :credentials;
"""

INSERT_VARIABLE = """
INSERT INTO environment_variables (account_id, project_id, environment_id, job_id, name, value)
SELECT account_id, :project, nullif(:environment, 0), nullif(:job, 0), :'name', :'value'
FROM projects WHERE id = :project RETURNING id;
"""


@dataclass(frozen=True)
class SeededAccount:
    account_id: int
    token: str


@dataclass(frozen=True)
class SeededProject:
    account_id: int
    project_id: int
    environment_id: int
    connection_id: int
    credentials_id: int
    connection_name: str


def add_account(appliance, name, run_slots=5):
    token = "mwu_" + secrets.token_urlsafe(24)
    account = appliance.value(
        INSERT_ACCOUNT, name=name, identifier=f"act_{secrets.token_hex(6)}", run_slots=run_slots,
        email=f"{secrets.token_hex(6)}@example.com",
        token_hash=hashlib.sha256(token.encode()).hexdigest())
    return SeededAccount(int(account), token)


def add_project(appliance, account_id, repository, config, adapter="duckdb", schema="main",
                connection_name="Warehouse", subdirectory="", fields=None, secret_fields=None,
                extended=None):
    """A project with one production environment, ready to have jobs."""
    row = appliance.psql(
        INSERT_PROJECT, account=account_id, name="Test project", subdirectory=subdirectory,
        connection_name=connection_name, adapter=f"{adapter}_v0", config=json.dumps(config),
        remote_url=repository.url, schema=schema, fields=json.dumps(fields or {}),
        extended=json.dumps(extended or {}))[0]
    seeded = SeededProject(account_id, *(int(value) for value in row), connection_name)
    if secret_fields:
        seal_into(appliance, "credentials", "sealed_fields", seeded.credentials_id,
                  json.dumps(secret_fields))
    return seeded


def add_environment(appliance, seeded, name, schema, secret_fields=None):
    """Another one of the project, on the same warehouse; as a project, so that jobs can be made in it."""
    environment, credentials = appliance.psql(
        INSERT_ENVIRONMENT, name=name, schema=schema, environment=seeded.environment_id,
        credentials=seeded.credentials_id)[0]
    if secret_fields:
        seal_into(appliance, "credentials", "sealed_fields", int(credentials),
                  json.dumps(secret_fields))
    return replace(seeded, environment_id=int(environment), credentials_id=int(credentials))


def set_variable(appliance, seeded, name, value, environment_id=0, job_id=0):
    """An environment variable; one whose name says so is sealed."""
    secret = name.startswith("DBT_ENV_SECRET")
    row = appliance.value(INSERT_VARIABLE, project=seeded.project_id, environment=environment_id,
                          job=job_id, name=name, value="" if secret else value)
    if secret:
        seal_into(appliance, "environment_variables", "sealed_value", int(row), value,
                  clear="value")


def sealer(appliance):
    """The data key, unwrapped as the product unwraps it."""
    text = (appliance.data / "keys" / "master.key").read_text().strip().removeprefix("mwk1:")
    master = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    wrapped = appliance.value("SELECT encode(wrapped_key, 'hex') FROM data_keys ORDER BY id DESC LIMIT 1")
    return open_sealed(master, bytes.fromhex(wrapped), b"data-key")


PREFIX_BYTES, NONCE_BYTES = 9, 24


def open_sealed(key, sealed, context):
    prefix, nonce = sealed[:PREFIX_BYTES], sealed[PREFIX_BYTES:PREFIX_BYTES + NONCE_BYTES]
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        sealed[PREFIX_BYTES + NONCE_BYTES:], prefix + context, nonce, key)


def seal(key, plain, context):
    key_id = nacl.hash.generichash(b"millwright key id", digest_size=16, key=key,
                                   encoder=nacl.encoding.RawEncoder)[:8]
    prefix, nonce = b"\x01" + key_id, secrets.token_bytes(NONCE_BYTES)
    return prefix + nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        plain, prefix + context, nonce, key)


def seal_into(appliance, table, column, row_id, plain, clear=None):
    sealed = seal(sealer(appliance), plain.encode(), f"{table}:{row_id}".encode())
    also = f", {clear} = NULL" if clear else ""
    appliance.psql(f"UPDATE {table} SET {column} = decode(:'sealed', 'hex'){also} WHERE id = :row",
                   sealed=sealed.hex(), row=row_id)
