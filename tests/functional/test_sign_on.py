"""Signing in by a real identity provider (Keycloak): OpenID Connect and SAML, in a browser and without one."""

import json
import re

import pytest
import requests
from appliance import Appliance
from browser import Visitor
from keycloak import ANN, EVE, NOBODY, PASSWORD
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def mill(places):
    running = Appliance(places, HOSTNAME="localhost", SIGN_ON_NETWORKS="127.0.0.0/8")
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


class Providers:
    """Made by the API, as Terraform does."""

    def __init__(self, mill, keycloak):
        self.mill, self.keycloak = mill, keycloak
        self.path = f"/api/v3/accounts/{mill.sample['account_id']}/auth-provider/"

    def call(self, method, path="", expect=200, **body):
        answer = self.mill.api.request(method, self.path + path, body or None)
        assert answer.status == expect, answer.json
        return answer.json["data"]

    def oidc(self, slug, **fields):
        client = self.keycloak.oidc_client(f"{self.mill.url}/complete/oidc")
        return self.call("POST", type="oidc", slug=slug, issuer_url=self.keycloak.issuer, client_id=client.id,
                         client_secret=client.secret, **fields)

    def saml(self, slug, **fields):
        made = self.call("POST", type="saml", slug=slug, entity_id=self.keycloak.saml_entity_id,
                         sso_url=self.keycloak.sso_url, cert=self.keycloak.certificate, **fields)
        signing = None
        if made["sign_request"]:
            metadata = requests.get(made["metadata_url"], verify=self.mill.certificate, timeout=30).text
            body = re.search(r"X509Certificate>([^<]+)<", metadata)[1]
            signing = f"-----BEGIN CERTIFICATE-----\n{body.strip()}\n-----END CERTIFICATE-----\n"
        client = self.keycloak.saml_client(made["audience"], made["callback_url"], signing)
        return made | {"start_url": client.start_url}


@pytest.fixture(scope="module")
def providers(mill, keycloak):
    return Providers(mill, keycloak)


class Walker:
    """A browser without pages: cookies, and where it is sent."""

    def __init__(self, mill, keycloak):
        self.mill, self.keycloak = mill, keycloak
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = str(mill.certificate)

    def through(self, provider, person, next_page=""):
        """To the provider, through its pages, and up to what it hands back."""
        query = {"next": next_page} if next_page else None
        start = requests.Request("GET", provider["login_url"], params=query).prepare().url
        return self.keycloak.sign_in(start, person, self.http)

    def bring(self, landing):
        """What the provider hands back, to us; where that leads."""
        method = "GET" if landing.fields is None else "POST"
        answer = self.http.request(method, landing.url, data=landing.fields, allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def sign_in(self, provider, person, next_page=""):
        return self.bring(self.through(provider, person, next_page))

    def session(self):
        answer = self.http.get(f"{self.mill.url}/api/ui/session/", timeout=30)
        return answer.json() if answer.ok else None


@pytest.fixture
def walker(mill, keycloak):
    return Walker(mill, keycloak)


def groups_of(mill, email):
    [user] = [user for user in mill.api.get("users/") if user["email"] == email]
    return sorted(group["name"] for group in user["permissions"][0]["groups"])


def license_of(mill, email):
    [user] = [user for user in mill.api.get("users/") if user["email"] == email]
    return user["permissions"][0]["license_type"]


@pytest.fixture(scope="module")
def groups(mill):
    """Analysts by the provider's group of that name, who may only read."""
    account = f"/api/v3/accounts/{mill.sample['account_id']}/"
    mill.api.request("POST", account + "groups/", {"name": "Analysts", "sso_mapping_groups": ["analysts"]})
    mill.api.request("POST", account + "groups/", {"name": "Engineers", "sso_mapping_groups": ["engineers"]})
    mill.api.request("POST", account + "license-maps/", {"license_type": "read_only",
                                                         "sso_license_mapping_groups": ["analysts"]})


def refusals(mill):
    logs = mill.api.request("GET", f"/api/v3/accounts/{mill.sample['account_id']}/audit-logs/?limit=100").json["data"]
    return [json.dumps(log) for log in logs if "sign_on.refused" in json.dumps(log)]


@pytest.mark.parametrize("protocol", ["oidc", "saml"])
def test_a_newcomer_is_let_in_with_the_groups_and_the_licence_of_theirs(mill, keycloak, providers, walker, groups, protocol):
    provider = getattr(providers, protocol)(f"new-{protocol}")
    person = keycloak.add_person(f"mia-{protocol}", "analysts", first_name="Mia", last_name="Meyer")
    assert walker.session() is None
    assert walker.sign_in(provider, person, "/deploy/1?tab=runs") == "/deploy/1?tab=runs"
    user = walker.session()["user"]
    assert (user["email"], user["first_name"], user["last_name"]) == (person.email, "Mia", "Meyer")
    assert "Analysts" in groups_of(mill, person.email)
    assert license_of(mill, person.email) == "read_only"
    # The next time, as their groups are by then.
    keycloak.set_groups(person, "engineers")
    other = Walker(mill, keycloak)
    assert other.sign_in(provider, person) == "/"
    assert "Engineers" in groups_of(mill, person.email)
    assert "Analysts" not in groups_of(mill, person.email)


def test_requests_are_signed_when_the_provider_wants_them(providers, walker):
    provider = providers.saml("signed", sign_request=True)
    assert walker.sign_in(provider, EVE) == "/"
    assert walker.session()["user"]["email"] == EVE.email


def test_what_begins_at_the_provider_is_begun_anew_from_here(mill, keycloak, providers, walker):
    provider = providers.saml("portal")
    landing = keycloak.sign_in(provider["start_url"], ANN, walker.http)
    landing.fields["RelayState"] = "portal"
    assert walker.bring(landing) == "/enterprise-login/portal"
    assert walker.session() is None
    # The provider knows the browser by now, and asks for nothing.
    assert walker.sign_in(provider, ANN) == "/"
    assert walker.session()["user"]["email"] == ANN.email


@pytest.mark.parametrize("protocol", ["oidc", "saml"])
def test_an_answer_is_good_once_and_in_the_browser_that_asked(mill, keycloak, providers, walker, protocol):
    provider = getattr(providers, protocol)(f"once-{protocol}")
    landing = walker.through(provider, ANN)
    thief = Walker(mill, keycloak)
    assert thief.bring(landing) == "/sign-in?sign_on=expired"
    assert thief.session() is None
    assert walker.bring(landing) == "/"
    # RFC 6749, 4.1.2: a code comes once; so does an assertion.
    again = walker.bring(landing)
    assert again.startswith("/sign-in?sign_on="), again


def test_an_answer_that_was_changed_lets_nobody_in(mill, providers, walker):
    provider = providers.saml("changed")
    landing = walker.through(provider, ANN)
    landing.fields["SAMLResponse"] = landing.fields["SAMLResponse"][:-8] + "AAAAAAA="
    assert walker.bring(landing) == "/sign-in?sign_on=answer&provider=changed"
    assert walker.session() is None
    assert any("changed" in each or "sign_on" in each for each in refusals(mill))


def test_a_provider_may_change_its_key(keycloak, mill, providers, walker):
    provider = providers.oidc("rotated")
    assert walker.sign_in(provider, ANN) == "/"
    keycloak.change_signing_key(keep_old=False)
    other = Walker(mill, keycloak)
    assert other.sign_in(provider, ANN) == "/"
    assert other.session()["user"]["email"] == ANN.email


def test_who_is_refused_learns_little_and_the_audit_log_tells_why(mill, keycloak, providers, walker):
    provider = providers.oidc("strict", domain="example.com")
    outsider = keycloak.add_person("olga", email="olga@elsewhere.org")
    assert walker.sign_in(provider, outsider) == "/sign-in?sign_on=refused&provider=strict"
    assert walker.session() is None
    assert any("olga@elsewhere.org is no address of example.com" in each for each in refusals(mill))
    unverified = keycloak.add_person("una", verified=False)
    assert Walker(mill, keycloak).sign_in(provider, unverified) == "/sign-in?sign_on=refused&provider=strict"


def test_a_provider_that_is_not_there_is_said_to_be(mill, providers, walker):
    provider = providers.call("POST", type="oidc", slug="gone", issuer_url="http://127.0.0.1:9", client_id="c")
    answer = walker.http.get(provider["login_url"], allow_redirects=False, timeout=60)
    assert answer.headers["Location"] == "/sign-in?sign_on=unreachable&provider=gone"


def test_an_account_may_leave_passwords_and_an_operator_takes_it_back(mill, keycloak, providers, walker):
    provider = providers.oidc("only")
    one = f"{provider['id']}/"
    refused = providers.call("POST", one, expect=400, allow_password_backdoor=False)
    assert refused is None
    walker.sign_in(provider, NOBODY)
    providers.call("POST", one, allow_password_backdoor=False)

    def by_password():
        return requests.post(f"{mill.url}/api/ui/session/", verify=mill.certificate, timeout=30, json={
            "email": mill.sample["email"], "password": mill.sample["password"]})

    answer = by_password()
    assert answer.status_code == 403
    assert "identity provider" in answer.text
    mill.command("admin", "reset-password", mill.sample["email"], "--allow-passwords")
    assert by_password().status_code == 200


def test_somebody_signs_in_by_the_button_of_the_sign_in_page(mill, chromium, providers):
    providers.oidc("corp", name="Corporate login")
    visit = Visitor(chromium, mill)
    try:
        page = visit.page
        page.goto(f"{mill.url}/deploy/{visit.account}/runs")
        button = page.get_by_role("link", name="Continue with Corporate login")
        expect(button).to_be_visible()
        assert visit.violations() == []
        button.click()
        page.get_by_label("Username or email").fill(EVE.username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign In").click()
        page.wait_for_url(f"{mill.url}/deploy/{visit.account}/runs*")
        session = page.request.get(f"{mill.url}/api/ui/session/").json()
        assert session["user"]["email"] == EVE.email
        page.goto(f"{mill.url}/sign-in?sign_on=refused&provider=corp")
        expect(page.get_by_role("alert")).to_contain_text("you may not sign in here")
    finally:
        visit.close()


def test_an_administrator_sets_single_sign_on_up_and_tries_it(mill, chromium, keycloak):
    visit = Visitor(chromium, mill).have_session()
    try:
        page = visit.page
        client = keycloak.oidc_client(f"{mill.url}/complete/oidc")
        page.goto(f"{mill.url}/settings/{visit.account}/sso")
        page.get_by_role("button", name="Add provider").click()
        page.get_by_role("combobox", name="Kind").click()
        page.get_by_role("option", name="OpenID Connect").click()
        panel = page.get_by_role("dialog")
        panel.get_by_role("textbox", name="Name", exact=True).fill("Keycloak")
        panel.get_by_label("Issuer address").fill(keycloak.issuer)
        panel.get_by_label("Client id").fill(client.id)
        panel.get_by_label("Client secret").fill(client.secret)
        panel.get_by_role("button", name="Add provider").click()
        expect(page.get_by_text("The provider is added.")).to_be_visible()
        expect(panel.get_by_text(f"{mill.url}/complete/oidc")).to_be_visible()
        assert visit.violations() == []
        panel.get_by_role("link", name="Try it").click()
        page.get_by_label("Username or email").fill(ANN.username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign In").click()
        page.wait_for_url(re.compile(rf"^{re.escape(mill.url)}/settings/"))
        session = page.request.get(f"{mill.url}/api/ui/session/").json()
        assert session["user"]["email"] == ANN.email
    finally:
        visit.close()
