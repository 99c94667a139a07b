#include "features/mail/mail_settings.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/trimmed.hpp"
#include "infra/smtp/message.hpp"

namespace mw::mail {
namespace {

constexpr std::size_t kPasswordBytesMax = 4096;

result<smtp::Security> security_of(const std::string& text) {
    if (text == "starttls") return smtp::Security::starttls;
    if (text == "tls") return smtp::Security::tls;
    if (text == "none") return smtp::Security::none;
    return fail(
        Errc::invalid_argument,
        fmt::format("MILLWRIGHT_SMTP_SECURITY must be starttls, tls or none, not {}", text));
}

result<Secret> password_in(const std::string& file) {
    if (file.empty()) return Secret();
    auto text = read_file(file, kPasswordBytesMax);
    if (!text)
        return fail(Errc::invalid_argument, fmt::format("MILLWRIGHT_SMTP_PASSWORD_FILE {}: {}",
                                                        file, text.error().message));
    return Secret(std::string(trimmed(*text, "\r\n")));
}

}  // namespace

result<std::optional<MailSettings>> MailSettings::from(const Settings& settings) {
    MailSettings mail;
    mail.server.host = settings.get("SMTP_HOST");
    if (mail.server.host.empty()) return std::nullopt;
    MW_TRY(auto port, settings.get_int("SMTP_PORT", 1, 65535));
    mail.server.port = static_cast<int>(port);
    MW_TRY(mail.server.security, security_of(settings.get("SMTP_SECURITY")));
    mail.server.user = settings.get("SMTP_USER");
    MW_TRY(mail.server.password, password_in(settings.get("SMTP_PASSWORD_FILE")));
    mail.server.ca_file = settings.get("SMTP_CA_FILE");
    // Whoever sends a test waits for it.
    mail.server.timeout = std::chrono::seconds(20);
    mail.server.helo_name = settings.get("HOSTNAME");
    mail.from_address = settings.get("SMTP_FROM");
    mail.from_name = settings.get("SMTP_FROM_NAME");
    if (!smtp::is_address(mail.from_address))
        return fail(Errc::invalid_argument,
                    "MILLWRIGHT_SMTP_FROM must be the e-mail address that mail comes from, such as "
                    "millwright@example.com");
    if (mail.server.security == smtp::Security::none && !mail.server.user.empty())
        return fail(Errc::invalid_argument,
                    "MILLWRIGHT_SMTP_USER: a password is not sent unencrypted; set "
                    "MILLWRIGHT_SMTP_SECURITY to starttls or tls");
    MW_TRY(auto pause, settings.get_int("MAIL_RETRY_SECONDS", 1, 3600));
    mail.retries.first_pause = std::chrono::seconds(pause);
    return mail;
}

std::string MailSettings::server_words() const {
    auto security = server.security == smtp::Security::starttls ? "STARTTLS"
                    : server.security == smtp::Security::tls    ? "TLS"
                                                                : "not encrypted";
    return fmt::format("{}:{}, {}", server.host, server.port, security);
}

}  // namespace mw::mail
