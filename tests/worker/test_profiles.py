"""The profile that the worker writes is one that dbt takes: it gets as far as the warehouse."""

import re
import socket

DEBUG = ["dbt debug"]


def closed_port():
    """A port on which nothing listens, and nothing will while the socket is open."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]


def said(double):
    """What `dbt debug` said, without colours."""
    return re.sub(r"\x1b\[\d*m", "", double.text(4))


def test_duckdb_connects(runner):
    double = runner.run(steps=DEBUG, profile__schema="shop")
    assert double.finish["status"] == 10, double.summary()
    text = said(double)
    assert "profiles.yml file [OK found and valid]" in text
    assert "schema: shop" in text
    assert "Connection test: [OK connection ok]" in text


def test_postgres_gets_as_far_as_the_server(runner):
    taken, port = closed_port()
    with taken:
        double = runner.run(
            steps=DEBUG,
            profile={"adapter": "postgres", "connection_name": "Warehouse",
                     "connection": {"hostname": "127.0.0.1", "port": str(port), "dbname": "shop"},
                     "credentials": {"username": "etl", "password": "{{ pa55 }}-w0rd"},
                     "schema": "analytics", "target_name": "prod", "threads": 2,
                     "extended_attributes": {"database": "other", "connect_timeout": 5}})
    assert double.finish["status"] == 20
    text = said(double)
    assert "profiles.yml file [OK found and valid]" in text
    for line in (f"port: {port}", "database: other", "user: etl", "schema: analytics",
                 "connect_timeout: 5"):
        assert line in text, text
    assert "Connection refused" in text
    assert "pa55" not in text


def test_a_mistyped_field_is_named_without_its_value(runner):
    double = runner.run(profile={"adapter": "postgres", "connection_name": "Warehouse",
                                 "connection": {"hostname": "db", "dbname": "d", "port": "x-4711"},
                                 "credentials": {"username": "u", "password": "p4ssw0rd"},
                                 "schema": "s"})
    assert double.finish["status"] == 20
    assert "port: it must be a whole number" in double.finish["status_message"]
    assert "x-4711" not in double.text(2)
