"""A real identity provider (Keycloak): people in groups, clients of OpenID Connect and of SAML, and a person's way
through its pages. Speaks HTTP and, on a port of its own, HTTPS with a certificate of its own."""

import collections
import copy
import html.parser
import json
import pathlib
import re
import secrets
import shutil
import subprocess
import textwrap
import urllib.parse

import requests
from mail_server import make_certificate
from rest import free_port
from waiting import wait_until

REALM, ADMIN, PASSWORD = "people", "admin", "let me sign in"
KEY_PROVIDER = "org.keycloak.keys.KeyProvider"

Person = collections.namedtuple("Person", "username email first_name last_name groups password")
OidcClient = collections.namedtuple("OidcClient", "id secret")
SamlClient = collections.namedtuple("SamlClient", "entity_id start_url")
Landing = collections.namedtuple("Landing", "url fields")
"""Where the identity provider sends the browser; `fields`: of the form that it posts there, None for a redirect."""

ANN = Person("ann", "ann@example.com", "Ann", "Archer", ("analysts",), PASSWORD)
EVE = Person("eve", "eve@example.com", "Eve", "Engel", ("analysts", "engineers"), PASSWORD)
NOBODY = Person("nina", "nina@example.com", "Nina", "Noether", (), PASSWORD)
"""In no group."""


class SignInRefused(Exception):
    """Keycloak's page, in its own words."""


class _Page(html.parser.HTMLParser):
    """The first form of a page: where it goes, and what it sends besides what a person writes into it."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields, self.asks_password, self.within = None, {}, False, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action, self.within = attributes.get("action"), True
        elif tag == "input" and self.within:
            self.asks_password |= attributes.get("type") == "password"
            if attributes.get("type") == "hidden" and attributes.get("name"):
                self.fields[attributes["name"]] = attributes.get("value") or ""

    def handle_endtag(self, tag):
        self.within &= tag != "form"


def _words(page):
    page = re.sub(r"<(script|style|head).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def _user(person, verified):
    return {"username": person.username, "email": person.email, "emailVerified": verified, "enabled": True,
            "firstName": person.first_name, "lastName": person.last_name, "groups": list(person.groups),
            "credentials": [{"type": "password", "value": person.password, "temporary": False}]}


def _mapper(name, protocol, kind, config):
    return {"name": name, "protocol": protocol, "protocolMapper": kind, "config": config}


def _keys(folder):
    certificate, key = folder / "signing.crt", folder / "signing.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={REALM}",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    kinds = {"rsa": {"privateKey": [key.read_text()], "certificate": [certificate.read_text()], "priority": ["100"]},
             "hmac-generated": {"algorithm": ["HS512"]}, "aes-generated": {}}
    return [{"name": kind, "providerId": kind, "config": config} for kind, config in kinds.items()]


def _saml_mapper(name, kind, config):
    return _mapper(name, "saml", kind, config | {"attribute.name": name, "attribute.nameformat": "Basic"})


class Keycloak:
    """The realm has ANN, EVE and NOBODY. Tests that change a person add one of their own; who changes the realm's
    keys leaves new ones behind, so nobody keeps `certificate`."""

    def __init__(self, folder, program):
        self.folder, self.home, self.log = folder, folder / "home", folder / "log"
        self.port, self.tls_port = free_port(), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.admin_password = secrets.token_hex(12)
        self.tls_certificate, key = make_certificate(folder, "keycloak")
        self._make_home(program)
        realm = {"realm": REALM, "enabled": True, "sslRequired": "none",
                 # Nobody attacks these passwords, and Keycloak would be slow to make keys while it starts.
                 "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1000)",
                 "components": {KEY_PROVIDER: _keys(folder)},
                 "groups": [{"name": name} for name in ("analysts", "engineers")],
                 "users": [_user(person, verified=True) for person in (ANN, EVE, NOBODY)]}
        (self.home / "data/import/realm.json").write_text(json.dumps(realm))
        self._start(key)

    def _make_home(self, program):
        """What Keycloak writes stays in a folder of this server's own; the program is everybody's."""
        (self.home / "data/import").mkdir(parents=True)
        (self.home / "tmp").mkdir()
        for part in ("conf", "lib", "providers", "themes"):
            (self.home / part).symlink_to(program / part)

    def _start(self, key):
        """As kc.sh does it, which would stay between us and the server."""
        java = next(pathlib.Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/java"))
        opened = [f"--add-opens=java.base/java.{each}=ALL-UNNAMED" for each in ("util", "util.concurrent", "security")]
        properties = {"kc.home.dir": self.home, "kc.config.built": "true", "java.io.tmpdir": self.home / "tmp",
                      "jboss.server.config.dir": self.home / "conf", "picocli.disable.closures": "true",
                      "java.util.logging.manager": "org.jboss.logmanager.LogManager", "user.language": "en"}
        options = {"http-enabled": "true", "http-host": "127.0.0.1", "http-port": self.port, "hostname-strict": "false",
                   "https-port": self.tls_port, "https-certificate-file": self.tls_certificate,
                   "https-certificate-key-file": key, "cache": "local"}
        machine = ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]
        command = [java, *machine, *opened, *(f"-D{name}={value}" for name, value in properties.items()),
                   "-cp", self.home / "lib/quarkus-run.jar", "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                   "start", "--optimized", "--import-realm", *(f"--{name}={value}" for name, value in options.items())]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.home, stdout=log, stderr=log,
                env={"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": self.admin_password})
        try:
            wait_until(self._is_ready, lambda: f"Keycloak answers\n{self.log_end()}")
        except BaseException:
            self.close()
            raise

    def _is_ready(self):
        assert self.process.poll() is None, f"Keycloak has ended:\n{self.log_end()}"
        try:
            return requests.get(self.discovery_url, timeout=10).ok
        except requests.RequestException:
            return False

    def log_end(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    def over_tls(self):
        """The same server by its HTTPS addresses; who asks it has to trust `tls_certificate`."""
        other = copy.copy(self)
        other.base_url = f"https://127.0.0.1:{self.tls_port}"
        return other

    # ---- what a client of it is told

    @property
    def issuer(self):
        """Of OpenID Connect; also the entity id of the SAML identity provider."""
        return f"{self.base_url}/realms/{REALM}"

    @property
    def discovery_url(self):
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def saml_entity_id(self):
        return self.issuer

    @property
    def sso_url(self):
        return f"{self.issuer}/protocol/saml"

    @property
    def metadata_url(self):
        return f"{self.sso_url}/descriptor"

    @property
    def certificate(self):
        """PEM of what assertions are signed with now."""
        keys = self.admin("GET", "keys")
        active = next(key for key in keys["keys"] if key["kid"] == keys["active"]["RS256"])
        text = "\n".join(textwrap.wrap(active["certificate"], 64))
        return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"

    # ---- its administrator

    def admin(self, method, path, body=None):
        """The administrators' API below the realm; what it answers, or the id of what was made."""
        token = requests.post(
            f"{self.base_url}/realms/master/protocol/openid-connect/token", timeout=60, verify=self.tls_certificate,
            data={"grant_type": "password", "client_id": "admin-cli", "username": ADMIN,
                  "password": self.admin_password})
        answer = requests.request(
            method, f"{self.base_url}/admin/realms/{REALM}/{path}".rstrip("/"), json=body, timeout=60,
            verify=self.tls_certificate, headers={"Authorization": f"Bearer {token.json()['access_token']}"})
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        if answer.status_code == 201:
            return answer.headers["Location"].rsplit("/", 1)[1]
        return answer.json() if answer.content else None

    def oidc_client(self, *redirect_uris, **fields):
        """A confidential client for the code flow, which must use PKCE. `fields`: more of Keycloak's
        ClientRepresentation."""
        client = OidcClient(f"client-{secrets.token_hex(4)}", secrets.token_hex(16))
        groups = _mapper("groups", "openid-connect", "oidc-group-membership-mapper", {
            "claim.name": "groups", "full.path": "false", "id.token.claim": "true", "access.token.claim": "true",
            "userinfo.token.claim": "true"})
        self.admin("POST", "clients", {
            "clientId": client.id, "secret": client.secret, "protocol": "openid-connect", "publicClient": False,
            "standardFlowEnabled": True, "redirectUris": list(redirect_uris), "protocolMappers": [groups],
            "attributes": {"pkce.code.challenge.method": "S256", "post.logout.redirect.uris": "+"}, **fields})
        return client

    def saml_client(self, entity_id, acs_url, signing_certificate=None, attributes=None):
        """A service provider, instead of the one that had this entity id. With a certificate (PEM), what it asks must
        be signed. `attributes`: more of Keycloak's. `start_url` of the answer signs in without being asked by the
        service provider."""
        for found in self.admin("GET", f"clients?clientId={urllib.parse.quote(entity_id, safe='')}"):
            self.admin("DELETE", f"clients/{found['id']}")
        name = f"start-{secrets.token_hex(4)}"
        settings = {
            "saml.assertion.signature": "true", "saml.server.signature": "true", "saml.authnstatement": "true",
            "saml.signature.algorithm": "RSA_SHA256", "saml.force.post.binding": "true", "saml_name_id_format": "email",
            "saml_assertion_consumer_url_post": acs_url, "saml_idp_initiated_sso_url_name": name,
            "saml.client.signature": "true" if signing_certificate else "false"}
        if signing_certificate:
            settings["saml.signing.certificate"] = re.sub(r"-----[^-]*-----|\s", "", signing_certificate)
        properties = {"email": "email", "first_name": "firstName", "last_name": "lastName"}
        mappers = [_saml_mapper(attribute, "saml-user-property-mapper", {"user.attribute": of_user})
                   for attribute, of_user in properties.items()]
        mappers.append(_saml_mapper("groups", "saml-group-membership-mapper", {"single": "true", "full.path": "false"}))
        self.admin("POST", "clients", {
            "clientId": entity_id, "protocol": "saml", "redirectUris": [acs_url], "protocolMappers": mappers,
            "defaultClientScopes": [], "frontchannelLogout": True,
            "attributes": settings | (attributes or {})})
        return SamlClient(entity_id, f"{self.sso_url}/clients/{name}")

    def add_person(self, username, *groups, email=None, first_name="Test", last_name="Person", verified=True):
        """`verified`: whether Keycloak says that the address is theirs."""
        person = Person(username, email or f"{username}@example.com", first_name, last_name, (), PASSWORD)
        self.admin("POST", "users", _user(person, verified))
        return self.set_groups(person, *groups)

    def set_groups(self, person, *groups):
        """In these groups and no others; one that is not there is made. The person as they are now."""
        user = self._user_id(person)
        known = {group["name"]: group["id"] for group in self.admin("GET", "groups?max=1000")}
        for group in self.admin("GET", f"users/{user}/groups"):
            self.admin("DELETE", f"users/{user}/groups/{group['id']}")
        for name in groups:
            group = known.get(name) or self.admin("POST", "groups", {"name": name})
            self.admin("PUT", f"users/{user}/groups/{group}")
        return person._replace(groups=groups)

    def change_person(self, person, **fields):
        """Fields of Keycloak's UserRepresentation: email, firstName, lastName, emailVerified, enabled."""
        user = self._user_id(person)
        self.admin("PUT", f"users/{user}", self.admin("GET", f"users/{user}") | fields)

    def _user_id(self, person):
        return self.admin("GET", f"users?exact=true&username={person.username}")[0]["id"]

    def change_signing_key(self, keep_old=True):
        """From now on tokens and assertions are signed with a new key. `keep_old`: the old ones are still published."""
        realm = self.admin("GET", "")
        providers = self.admin("GET", f"components?type={KEY_PROVIDER}")
        signing = [each for each in providers if each["providerId"] in ("rsa", "rsa-generated")]
        priorities = [int(each["config"].get("priority", ["0"])[0]) for each in signing]
        self.admin("POST", "components", {
            "name": f"key-{secrets.token_hex(4)}", "providerId": "rsa-generated", "parentId": realm["id"],
            "providerType": KEY_PROVIDER, "config": {"priority": [str(max(priorities) + 1)]}})
        for old in [] if keep_old else signing:
            self.admin("DELETE", f"components/{old['id']}")

    # ---- a person at their browser

    def sign_in(self, url, person, browser=None):
        """Follows `url`, which leads to Keycloak, through its login page, to what it hands back: a Landing, which is
        not followed. `browser`: a requests.Session, for who has cookies already or a certificate to trust (`verify`).
        """
        browser = browser or requests.Session()
        method, fields, was_here, has_tried = "GET", None, False, False
        for _ in range(20):
            here = url.startswith((f"http://127.0.0.1:{self.port}/", f"https://127.0.0.1:{self.tls_port}/"))
            if was_here and not here:
                return Landing(url, fields)
            was_here |= here
            answer = browser.request(method, url, data=fields, allow_redirects=False, timeout=60,
                                     verify=self.tls_certificate if here else browser.verify)
            # A browser takes this machine for a safe place, as Keycloak does; requests does not.
            for cookie in browser.cookies if here else ():
                cookie.secure = False
            if answer.is_redirect:
                method, url, fields = "GET", urllib.parse.urljoin(url, answer.headers["Location"]), None
                continue
            page = _Page(answer.text)
            if not answer.ok or page.action is None or (page.asks_password and has_tried):
                raise SignInRefused(f"{answer.status_code} {_words(answer.text)}")
            method, url, fields = "POST", urllib.parse.urljoin(url, page.action), page.fields
            if page.asks_password:
                has_tried = True
                fields |= {"username": person.username, "password": person.password}
        raise SignInRefused(f"still on the way after 20 pages, at {url}")
