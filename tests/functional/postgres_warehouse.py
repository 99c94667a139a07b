"""A PostgreSQL as customers have one: on TCP, with a user and a password."""

import os
import secrets
import shutil
import socket
import subprocess

BIN = "/usr/lib/postgresql/15/bin"


class PostgresWarehouse:
    USER, DATABASE = "analyst", "postgres"

    def __init__(self, folder, places, connections=100):
        self.places = places
        self.password = "pw-" + secrets.token_hex(12)
        folder.mkdir()
        if places.user:
            os.chown(folder, places.user.pw_uid, places.user.pw_gid)
        self.folder, self.data = folder, folder / "postgres"
        password_file = folder / "password"
        password_file.write_text(self.password)
        password_file.chmod(0o644)
        self._run("initdb", "-D", self.data, "-U", self.USER, "-A", "scram-sha-256",
                  "--pwfile", password_file, "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8")
        password_file.unlink()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = f"-p {self.port} -c max_connections={connections} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", folder / "log", "-o", options, "start")

    def _run(self, program, *args):
        subprocess.run([f"{BIN}/{program}", *args], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       **self.places.as_service())

    @property
    def config(self):
        return {"hostname": "127.0.0.1", "port": self.port, "dbname": self.DATABASE}

    def credentials(self, password=None):
        """(fields, secret fields)"""
        return {"username": self.USER}, {"password": password or self.password}

    def rows(self, sql):
        env = {**os.environ, "PGPASSWORD": self.password}
        command = [f"{BIN}/psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.USER,
                   "-d", self.DATABASE, "-X", "-A", "-t", "-c", sql]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def close(self):
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
