"""Signing in with a second factor, changing a password, getting a new one by a link: in a real browser, with codes by
somebody else's code (pyotp)."""

import re
import time
import urllib.parse
from dataclasses import dataclass

import pyotp
import pytest
from browser import NARROW
from playwright.sync_api import expect

PASSWORD, OTHER_PASSWORD = "a first pass phrase", "another pass phrase"


@dataclass
class Person:
    """A member of the account, in a browser of their own."""
    visitor: object
    email: str

    @property
    def page(self):
        return self.visitor.page

    def open_profile(self):
        self.page.goto(f"/settings/{self.visitor.account}/profile")

    def fill_sign_in(self, password):
        self.page.get_by_label("Email").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(password)

    def sign_in(self, password, code=None):
        self.page.goto("/sign-in")
        self.fill_sign_in(password)
        self.page.get_by_role("button", name="Sign in").click()
        if code is not None:
            self.page.get_by_label("Code").fill(code)
            self.page.get_by_role("button", name="Sign in").click()

    def is_in(self):
        # Wherever they may go first.
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()
        return True

    def sign_out(self):
        self.visitor.end_session()
        self.visitor.context.clear_cookies()


@pytest.fixture
def join(api, visit):
    def make(name):
        email = f"{name}@example.com"
        owners = api.request("GET", f"/api/v3/accounts/{api.account_id}/groups/").data
        group = next(each["id"] for each in owners if each["name"] == "Owner")
        sent = api.request("POST", f"/api/v3/accounts/{api.account_id}/invites/",
                           {"email_addresses": [email], "group_ids": [group]})
        token = urllib.parse.urlsplit(sent.data["links"][email]).fragment
        joined = api.request("POST", "/api/ui/invites/accept/",
                             {"token": token, "first_name": name, "password": PASSWORD}, authorized=False)
        assert joined.status == 200, joined
        return Person(visit(signed_in=False), email)
    return make


def set_up_second_factor(person):
    """(what makes codes, recovery codes)"""
    page = person.page
    person.open_profile()
    section = page.get_by_role("region", name="Second factor")
    section.get_by_label("Your password").fill(PASSWORD)
    section.get_by_role("button", name="Set it up").click()
    expect(section.get_by_role("img", name="For your authenticator app")).to_be_visible()
    codes = pyotp.TOTP(section.locator("code").inner_text())
    section.get_by_label("The code that the app shows").fill(codes.now())
    section.get_by_role("button", name="Turn it on").click()
    expect(section.get_by_role("status").filter(has_text="recovery codes")).to_be_visible()
    recovery = section.locator("code").inner_text().split()
    section.get_by_role("button", name="I have kept them").click()
    expect(section).to_contain_text("10 recovery codes are left")
    return codes, recovery


def next_code(codes):
    """Of the coming step, which counts as well: one's own clock may be ahead."""
    return codes.at(int(time.time()) + 30)


def test_a_second_factor_is_set_up_and_asked_for(join):
    person = join("factor")
    person.sign_in(PASSWORD)
    assert person.is_in()
    codes, recovery = set_up_second_factor(person)
    assert len(set(recovery)) == 10
    person.sign_out()

    person.sign_in(PASSWORD, "000000")
    expect(person.page.get_by_role("alert")).to_contain_text("not right")
    person.page.get_by_label("Code").fill(next_code(codes))
    person.page.get_by_role("button", name="Sign in").click()
    assert person.is_in()
    person.sign_out()

    # Without the app.
    person.sign_in(PASSWORD, recovery[0].lower())
    assert person.is_in()
    person.open_profile()
    section = person.page.get_by_role("region", name="Second factor")
    expect(section).to_contain_text("9 recovery codes are left")
    section.get_by_role("button", name="Turn it off…").click()
    section.get_by_label("Your password").fill(PASSWORD)
    section.get_by_label("A code of the app, or a recovery code").fill(recovery[1])
    section.get_by_role("button", name="Turn it off").click()
    expect(section.get_by_role("button", name="Set it up")).to_be_visible()
    person.sign_out()
    person.sign_in(PASSWORD)
    assert person.is_in()


def test_a_password_is_changed(join):
    person = join("changer")
    person.sign_in(PASSWORD)
    assert person.is_in()
    person.open_profile()
    page = person.page
    section = page.get_by_role("region", name="Password", exact=True)
    section.get_by_label("Present password").fill("not this one")
    section.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    section.get_by_label("New password again").fill(OTHER_PASSWORD)
    section.get_by_role("button", name="Change the password").click()
    expect(section).to_contain_text("is not your password")
    section.get_by_label("Present password").fill(PASSWORD)
    section.get_by_role("button", name="Change the password").click()
    expect(section.get_by_role("status")).to_contain_text("is set")
    person.sign_out()
    person.sign_in(OTHER_PASSWORD)
    assert person.is_in()


def test_a_link_gives_a_new_password_once(api, join):
    person = join("forgetful")
    user = next(each["id"] for each in api.request("GET", f"/api/v3/accounts/{api.account_id}/users/?limit=100").data
                if each["email"] == person.email)
    made = api.request("POST", f"/api/v3/accounts/{api.account_id}/users/{user}/password-reset/")
    link = urllib.parse.urlsplit(made.data["link"])
    page = person.page
    page.set_viewport_size(NARROW)
    page.goto(f"{link.path}#{link.fragment}")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("at least 8 characters")).to_be_visible()
    page.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    page.get_by_label("New password again").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status").filter(has_text=person.email)).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    person.fill_sign_in(OTHER_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))

    person.sign_out()
    page.goto("about:blank")
    page.goto(f"{link.path}#{link.fragment}")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("no longer, good")


def test_a_link_that_is_not_whole_says_so(visit):
    page = visit(signed_in=False).page
    page.goto("/reset-password")
    expect(page.get_by_text("This link is not whole")).to_be_visible()
