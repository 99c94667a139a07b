"""The settings about people, as somebody who looks after an account uses them."""

import re
import urllib.parse

import pytest
from browser import NARROW, WIDE
from playwright.sync_api import expect
from rest import Rest

PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def rest(api):
    return Rest(api)


@pytest.fixture(scope="module")
def join(api, rest):
    """join(address, …): a member of the account, who signs in by PASSWORD. Returns the user."""
    def make(address, first="Ann", last="Lovelace", **invitation):
        links = rest.post("invites/", email_addresses=[address], **invitation)["links"]
        answer = api.request("POST", "/api/ui/invites/accept/", authorized=False, body={
            "token": links[address].split("#")[1], "first_name": first, "last_name": last,
            "password": PASSWORD})
        assert answer.status == 200, answer
        return next(user for user in rest.get("users/?limit=100") if user["email"] == address)
    return make


@pytest.fixture
def visit_as(visit):
    """Opens a browser of another person's."""
    def open_one(address, **options):
        visitor = visit(signed_in=False, **options)
        visitor.page.goto("/sign-in")
        visitor.page.get_by_label("Email").fill(address)
        visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
        visitor.page.get_by_role("button", name="Sign in").click()
        expect(visitor.page.get_by_role("button", name="Sign in")).to_have_count(0)
        return visitor
    return open_one


def at(visitor, rest_of_path):
    visitor.page.goto(f"/settings/{visitor.account}/{rest_of_path}")
    return visitor.page


def choose(page, label, option):
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def row(page, text):
    return page.get_by_role("row").filter(has_text=text)


def shown_once(page, what):
    """The text that stands in the answer alone."""
    return page.get_by_role("region", name=f"New {what}").locator("code")


# ---- users


def test_inviting_people(visit, api, rest):
    group = rest.post("groups/", name="Newcomers")["id"]
    page = at(visit(), "users")
    page.get_by_role("button", name="Invite people").click()
    panel = page.get_by_role("dialog", name="Invite people")
    panel.get_by_role("button", name="Make invitations").click()
    expect(panel.get_by_text("Enter at least one e-mail address")).to_be_visible()
    addresses = panel.get_by_role("combobox", name="E-mail addresses")
    addresses.fill("no address")
    addresses.press("Enter")
    panel.get_by_role("button", name="Make invitations").click()
    expect(panel.get_by_text("is no e-mail address").first).to_be_visible()
    addresses.press("Backspace")
    addresses.press("Backspace")
    for address in ("new.one@example.com", "new.two@example.com"):
        addresses.fill(address)
        addresses.press("Enter")
    choose(page, "Licence", "Analyst")
    choose(page, "Groups", "Newcomers")
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Make invitations").click()
    links = page.get_by_role("dialog", name="Invitation links")
    first = shown_once(page, "link for new.one@example.com")
    expect(first).to_contain_text("/invite#mwi_")
    expect(shown_once(page, "link for new.two@example.com")).to_contain_text("/invite#mwi_")
    old = first.text_content()
    links.get_by_role("button", name="Done").click()
    expect(links).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Invitations")).click()
    expect(row(page, "new.one@example.com")).to_contain_text(re.compile("Analyst.*Newcomers"))
    # Another link ends the one before it.
    page.get_by_role("button", name="New link for new.one@example.com").click()
    again = shown_once(page, "link for new.one@example.com")
    expect(again).to_contain_text("/invite#mwi_")
    assert again.text_content() != old
    token = urllib.parse.urlsplit(old).fragment
    answer = api.request("POST", "/api/ui/invites/accept/", authorized=False, body={
        "token": token, "first_name": "Eve", "last_name": "", "password": PASSWORD})
    assert answer.status == 404, answer
    invites = [each for each in api.get("invites/", status=1) if each["group_ids"] == [group]]
    assert {(each["email_address"], each["license_type"]) for each in invites} == {
        ("new.one@example.com", "analyst"), ("new.two@example.com", "analyst")}
    page.get_by_role("dialog", name="Invitation links").get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Withdraw the invitation of new.two@example.com").click()
    expect(row(page, "new.two@example.com")).to_have_count(0)
    expect(row(page, "new.one@example.com")).to_be_visible()
    assert [each["status"] for each in api.get("invites/", email_address="new.two@example.com")] == [3]


def test_a_member_gets_another_licence_and_other_groups_and_is_removed(visit, rest, join):
    group = rest.post("groups/", name="Job makers")["id"]
    rest.call("POST", f"group-permissions/{group}/", [{"permission_set": "job_creator", "all_projects": True}])
    before = rest.post("groups/", name="Project makers")["id"]
    rest.call("POST", f"group-permissions/{before}/", [{"permission_set": "project_creator", "all_projects": True}])
    user = join("ann@example.com", group_ids=[before])
    page = at(visit(), "users")
    page.get_by_label("Search people").fill("lovelace ann@")
    expect(page).to_have_url(re.compile(r"\?q=lovelace"))
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Ann Lovelace").click()
    expect(page.get_by_role("heading", name="Ann Lovelace")).to_be_visible()
    adds_up = page.get_by_role("region", name="What this adds up to")
    expect(adds_up).to_contain_text("Creating projects")
    groups = page.get_by_role("combobox", name="Groups")
    while_there = page.get_by_role("form", name="Licence and groups")
    groups.click()
    groups.press("Backspace")
    groups.fill("Job makers")
    page.get_by_role("option", name="Job makers").click()
    page.keyboard.press("Escape")
    expect(adds_up).to_contain_text("As it will be once you save.")
    expect(adds_up).to_contain_text(re.compile("Change in all projects\\s*Jobs"))
    expect(adds_up).not_to_contain_text("Creating projects")
    choose(page, "Licence", "Read-only")
    expect(adds_up).not_to_contain_text("Change")
    expect(adds_up).to_contain_text(re.compile("See in all projects.*Jobs"))
    while_there.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    membership = rest.get(f"users/{user['id']}/")["permissions"][0]
    assert membership["license_type"] == "read_only"
    assert [each["id"] for each in membership["groups"]] == [group]
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page).to_have_url(re.compile("/users$"))
    expect(row(page, "@").first).to_be_visible()
    expect(row(page, "ann@example.com")).to_have_count(0)


def test_who_has_lost_their_password_gets_a_link(visit, join, api):
    user = join("lost@example.com", "Lo", "St")
    page = at(visit(), f"users/{user['id']}")
    page.get_by_role("button", name="Take the second factor away").click()
    question = page.get_by_role("dialog")
    question.get_by_role("button", name="Take the second factor away").click()
    expect(question).to_contain_text("There is none to take away.")
    question.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Make a link for a new password").click()
    link = shown_once(page, "link").text_content()
    answer = api.request("POST", "/api/ui/password-resets/accept/", authorized=False, body={
        "token": urllib.parse.urlsplit(link).fragment, "password": "quite another"})
    assert (answer.status, answer.json["email_address"]) == (200, "lost@example.com"), answer


def test_ones_own_licence_is_for_somebody_else_to_change(visit, appliance):
    page = at(visit(), "users")
    row(page, appliance.sample["email"]).get_by_role("link").click()
    expect(page.get_by_role("combobox", name="Licence")).not_to_be_editable()
    expect(page.get_by_text("Somebody else has to change your own.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


def test_what_is_typed_is_not_lost_unasked(visit, join):
    user = join("typing@example.com", "Tess")
    page = at(visit(), f"users/{user['id']}")
    choose(page, "Licence", "IT")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("link", name="Licences").click()
    expect(page).to_have_url(re.compile(f"/users/{user['id']}$"))
    assert len(asked) == 1 and "Leave without saving" in asked[0]
    choose(page, "Licence", "Developer")
    page.get_by_role("link", name="Licences").click()
    expect(page.get_by_role("heading", name="Seats")).to_be_visible()


def test_who_may_not_is_told_so_in_place(visit_as, join):
    join("reader@example.com", "Rea", license_type="read_only")
    visitor = visit_as("reader@example.com")
    for path, words in [("sso", "The identity providers could not be read"),
                        ("ip-rules", "The rules could not be read")]:
        page = at(visitor, path)
        expect(page.get_by_text(words)).to_be_visible()
    page = at(visitor, "profile")
    expect(page.get_by_text("Read-only. ")).to_be_visible()


# ---- groups


def test_a_group_is_made_and_says_what_it_gives(visit, small, rest, join):
    page = at(visit(), "groups")
    page.get_by_role("link", name="New group").click()
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_text("Give the group a name")).to_be_visible()
    page.get_by_role("textbox", name="Name", exact=True).fill("Shop developers")
    page.get_by_role("button", name="Add a permission set").click()
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_text("Choose a permission set")).to_be_visible()
    choose(page, "Permission set 1", "Developer")
    choose(page, "Where Developer counts", "Chosen projects")
    page.get_by_role("combobox", name="Projects of Developer").click()
    project = rest.get(f"projects/{small.project_id}/")["name"]
    page.get_by_role("option", name=project, exact=True).first.click()
    page.keyboard.press("Escape")
    choose(page, "Environments of Developer", "Development")
    page.keyboard.press("Escape")
    gives = page.get_by_role("region", name="What its members may do")
    expect(gives).to_contain_text(re.compile("development environments only\\s*Jobs · Runs"))
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("heading", name="Shop developers")).to_be_visible()
    expect(page.get_by_text("Nobody is in it yet.")).to_be_visible()
    group = int(page.url.rsplit("/", 1)[1])
    [permission] = rest.get(f"groups/{group}/")["group_permissions"]
    assert permission["permission_set"] == "developer"
    assert permission["all_projects"] is False
    assert permission["writable_environment_categories"] == ["development"]
    # More of it, a member, and away with it.
    user = join("shop@example.com", "Sho", "Pper", group_ids=[group])
    page.reload()
    expect(row(page, "shop@example.com")).to_be_visible()
    page.get_by_role("button", name="Add a permission set").click()
    choose(page, "Permission set 2", "Job viewer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert len(rest.get(f"groups/{group}/")["group_permissions"]) == 2
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 member loses")
    dialog.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("/groups$"))
    expect(row(page, "Owner").first).to_be_visible()
    expect(row(page, "Shop developers")).to_have_count(0)
    assert group not in [each["id"] for each in rest.get(f"users/{user['id']}/")["permissions"][0]["groups"]]


def test_what_every_permission_set_allows_can_be_read(visit, api):
    page = at(visit(), "groups")
    page.get_by_role("button", name="What permission sets allow").click()
    panel = page.get_by_role("dialog")
    names = api.request("GET", "/api/v2/constants/").data["permission_sets"]
    for label in names.values():
        expect(panel.get_by_role("region", name=label, exact=True)).to_contain_text(re.compile("Change|See"))
    expect(panel.get_by_text("This page does not know")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


# ---- licences


def test_seats_and_licence_maps(visit, rest):
    page = at(visit(), "licences")
    expect(page.get_by_role("listitem").filter(has_text="Developer")).to_contain_text("in use, no limit")
    page.get_by_role("button", name="New licence map").click()
    panel = page.get_by_role("dialog", name="New licence map")
    panel.get_by_role("button", name="Create map").click()
    expect(panel.get_by_text("Name at least one group")).to_be_visible()
    groups = panel.get_by_role("combobox", name="Groups of the identity provider")
    groups.fill("finance")
    groups.press("Enter")
    choose(page, "Licence", "Read-only")
    panel.get_by_role("button", name="Create map").click()
    expect(panel).to_be_hidden()
    expect(row(page, "finance")).to_contain_text("Read-only")
    page.get_by_role("link", name="finance").click()
    page.get_by_role("combobox", name="Groups of the identity provider").fill("sales")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "finance, sales")).to_be_visible()
    [made] = rest.get("license-maps/")
    assert (made["license_type"], made["sso_license_mapping_groups"]) == ("read_only", ["finance", "sales"])
    page.get_by_role("link", name="finance").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this licence map?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No licence maps")).to_be_visible()


# ---- single sign-on


def test_an_identity_provider_gets_a_scim_token(visit, api):
    page = at(visit(), "sso")
    page.get_by_role("button", name="New token").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Entra")
    page.get_by_role("button", name="Make token").click()
    text = shown_once(page, "SCIM token").text_content()
    people = f"/api/v3/accounts/{api.account_id}/scim/v2/Users"
    assert api.with_token(text, "Bearer").request("GET", people).status == 200
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(text)).to_have_count(0)
    line = page.get_by_role("list", name="SCIM tokens").get_by_role("listitem").filter(has_text="Entra")
    line.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(line).to_have_count(0)
    assert api.with_token(text, "Bearer").request("GET", people).status == 401


def test_an_identity_provider_is_described_and_its_secret_never_read(visit, rest):
    page = at(visit(), "sso")
    page.get_by_role("button", name="Add provider").click()
    choose(page, "Kind", "Microsoft Entra ID")
    page.get_by_role("dialog").get_by_role("button", name="Add provider").click()
    expect(page.get_by_text("Client id is missing")).to_be_visible()
    page.get_by_label("Slug").fill("acme")
    page.get_by_label("Client id").fill("client")
    page.get_by_label("Client secret").fill("hush-hush")
    page.get_by_label("Tenant id").fill("tenant")
    page.get_by_role("dialog").get_by_role("button", name="Add provider").click()
    expect(page.get_by_text("The provider is added.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(row(page, "Microsoft Entra ID")).to_contain_text("acme")
    page.get_by_role("link", name="Microsoft Entra ID").click()
    expect(page.get_by_label("Tenant id")).to_have_value("tenant")
    assert "hush-hush" not in page.content()
    page.get_by_label("Tenant id").fill("other")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    [provider] = rest.get("auth-provider/")
    assert (provider["type"], provider["tenant_id"]) == ("azure_single_tenant", "other")
    page.get_by_role("link", name="Microsoft Entra ID").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete Microsoft Entra ID?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No identity provider yet")).to_be_visible()


# ---- IP rules


@pytest.fixture
def no_rules_after(rest):
    yield
    rest.post("ip-restrictions-set/", enabled=False)
    for each in rest.get("ip-restrictions/"):
        rest.call("DELETE", f"ip-restrictions/{each['id']}/")


def add_rule(page, name, *networks):
    page.get_by_role("button", name="New rule").first.click()
    panel = page.get_by_role("dialog", name="New rule")
    panel.get_by_role("textbox", name="Name", exact=True).fill(name)
    field = panel.get_by_role("combobox", name="Networks and addresses")
    for network in networks:
        field.fill(network)
        field.press("Enter")
    panel.get_by_role("button", name="Create rule").click()
    return panel


def test_nobody_locks_themselves_out_by_ip_rules(visit, rest, no_rules_after):
    page = at(visit(), "ip-rules")
    expect(page.get_by_text("Open to all addresses")).to_be_visible()
    panel = add_rule(page, "Office", "203.0.113.0/240")
    expect(panel.get_by_text("203.0.113.0/240 is neither a network")).to_be_visible()
    field = panel.get_by_role("combobox", name="Networks and addresses")
    field.press("Backspace")
    field.fill("203.0.113.0/24")
    panel.get_by_role("button", name="Create rule").click()
    expect(row(page, "Office")).to_contain_text(re.compile("Allow.*203.0.113.0/24"))
    expect(page.get_by_text("They would keep out the address that you come from.")).to_be_visible()
    expect(page.get_by_role("button", name="Switch on")).to_be_disabled()
    add_rule(page, "Everywhere", "0.0.0.0/0", "::/0")
    expect(page.get_by_text("They would keep out the address")).to_have_count(0)
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("The rules are on")).to_be_visible()
    assert all(each["rule_set_enabled"] for each in rest.get("ip-restrictions/"))
    # What lets one in can't be taken away while they count.
    page.get_by_role("link", name="Everywhere").click()
    page.get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete the rule Everywhere?")
    expect(question).to_contain_text("so this will be refused")
    question.get_by_role("button", name="Delete").click()
    expect(question).to_contain_text("Allow it first")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("The rules are off")).to_be_visible()
    page.get_by_role("link", name="Office").click()
    page.get_by_text("Deny", exact=True).last.click()
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Office")).to_contain_text("Deny")


# ---- one's own profile


def test_ones_own_name(visit_as, join, rest):
    user = join("naming@example.com", "Na", "Mingo")
    visitor = visit_as("naming@example.com")
    page = at(visitor, "profile")
    page.get_by_label("First name").fill("Noor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert rest.get(f"users/{user['id']}/")["first_name"] == "Noor"
    page.reload()
    expect(page.get_by_label("First name")).to_have_value("Noor")


def test_a_personal_token_is_shown_once_renewed_and_revoked(visit, api, appliance):
    def who(token):
        answer = api.with_token(token).request("GET", "/api/v2/whoami/")
        return answer.data["user"]["email"] if answer.status == 200 else answer.status

    page = at(visit(), "profile")
    page.get_by_role("button", name="New token").click()
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_text("Give the token a name")).to_be_visible()
    page.get_by_role("textbox", name="Name", exact=True).fill("Laptop")
    page.get_by_role("button", name="Make token").click()
    first = shown_once(page, "token").text_content()
    assert who(first) == appliance.sample["email"]
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(first)).to_have_count(0)
    line = page.get_by_role("list", name="Personal tokens").get_by_role("listitem").filter(has_text="Laptop")
    line.get_by_role("button", name="Renew").click()
    page.get_by_role("dialog").get_by_role("button", name="Renew").click()
    second = shown_once(page, "token").text_content()
    assert (who(first), who(second)) == (401, appliance.sample["email"])
    line.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(line).to_have_count(0)
    assert who(second) == 401


# ---- all of them


@pytest.fixture(scope="module")
def furnished(rest, join):
    """Something to see on each page: (group, user)."""
    group = rest.post("groups/", name="Übung & “co” 🚀 \u202bمشروع", sso_mapping_groups=["one", "two"])["id"]
    rest.call("POST", f"group-permissions/{group}/", [
        {"permission_set": "developer", "all_projects": True,
         "writable_environment_categories": ["development", "staging"]},
        {"permission_set": "owner", "all_projects": True}])
    user = join("furnished@example.com", "Fay", "Nished" * 12, group_ids=[group])
    rest.post("invites/", email_addresses=["waiting@example.com"])
    rest.post("license-maps/", license_type="it", sso_license_mapping_groups=["admins"])
    rest.post("auth-provider/", type="oidc", slug="acme", issuer_url="https://idp.example.com", client_id="mill")
    rest.post("scim-config/tokens/", name="Okta")
    rule = rest.post("ip-restrictions/", name="Office", type=1, cidrs=[{"cidr": "203.0.113.0/24"}])["id"]
    yield group, user["id"]
    rest.call("DELETE", f"ip-restrictions/{rule}/")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(visit, furnished, scheme, size):
    group, user = furnished
    visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    for path, sign in [
        ("users", "Members"), ("users?view=invitations", "waiting@example.com"),
        ("users?panel=invite", "Make invitations"), (f"users/{user}", "What this adds up to"),
        ("groups", "Übung"), ("groups?panel=sets", "Webhooks only"), ("groups/new", "Create group"),
        (f"groups/{group}", "furnished@example.com" if size is WIDE else "Fay"),
        ("licences", "admins"), ("licences?map=new", "Create map"), ("sso", "OpenID Connect"),
        ("sso?provider=new", "X.509 certificate"), ("ip-rules", "The rules are off"),
        ("ip-rules?rule=new", "Create rule"), ("profile", "Personal API tokens"),
        ("profile?token=new", "Make token")]:
        page = at(visitor, path)
        expect(page.get_by_text(sign).first).to_be_visible()
        assert visitor.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
