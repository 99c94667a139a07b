// The operator's mail server: MILLWRIGHT_SMTP_* (docs/config.md).
#pragma once

#include <optional>
#include <string>

#include "base/settings.hpp"
#include "features/mail/mail_store.hpp"
#include "infra/smtp/mail_server.hpp"

namespace mw::mail {

struct MailSettings {
    smtp::MailServer server;
    std::string from_address;
    std::string from_name;
    RetryRules retries;

    // Empty when there is no mail server. Errors name the setting.
    static result<std::optional<MailSettings>> from(const Settings& settings);

    // For people: "smtp.example.com:587, STARTTLS".
    std::string server_words() const;
};

}  // namespace mw::mail
