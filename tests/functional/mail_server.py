"""A mail server as customers have one (aiosmtpd): STARTTLS or nothing, a password, a certificate of one's own; it takes,
refuses and stalls, and keeps what it was sent."""

import email
import email.policy
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from rest import free_port

USER, PASSWORD = "millwright", "let the mail through"


def make_certificate(folder, name):
    """A key and a certificate for 127.0.0.1, signed by itself: files (certificate, key)."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    certificate.chmod(0o644)
    return certificate, key


class MailServer:
    """`refuse` maps addresses to answers, such as "550 5.1.1 no such mailbox"; while `stalled` is set, mail that has come
    in is not answered."""

    def __init__(self, folder):
        self.certificate, key = make_certificate(folder, "mail")
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)
        self.port, self.refuse, self.messages, self.raw = free_port(), {}, [], []
        self.let_go = threading.Event()
        self.let_go.set()
        self.came = threading.Event()
        self.controller = None
        self.start()

    def start(self):
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=self.tls, require_starttls=True, auth_required=True,
            authenticator=self._admit)
        self.controller.start()

    def stop(self):
        self.controller.stop()

    @staticmethod
    def _admit(_server, _session, _envelope, _mechanism, login):
        good = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        self.came.set()
        await server.loop.run_in_executor(None, self.let_go.wait)
        self.raw.append(envelope.content)
        # Python's own reading of it, which is not ours.
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append((envelope.rcpt_tos, message))
        return "250 taken"

    def to(self, address):
        return [message for recipients, message in list(self.messages) if recipients == [address]]


def words(message):
    return message.get_body(("plain",)).get_content()


def page(message):
    return message.get_body(("html",)).get_content()
