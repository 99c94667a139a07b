#include "features/chat/chat_settings.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/trimmed.hpp"

namespace mw::chat {
namespace {

constexpr std::size_t kSecretBytesMax = 4096;

result<bool> on_or_off(const Settings& settings, std::string_view key, bool otherwise) {
    auto text = settings.get(key);
    if (text.empty()) return otherwise;
    if (text != "on" && text != "off")
        return fail(Errc::invalid_argument,
                    fmt::format("MILLWRIGHT_{} must be on or off, not {}", key, text));
    return text == "on";
}

result<SlackSettings> slack_from(const Settings& settings) {
    SlackSettings slack;
    slack.client_id = settings.get("SLACK_CLIENT_ID");
    slack.api_url = trimmed(settings.get("SLACK_API_URL"), "/");
    if (!slack.api_url.starts_with("https://") && !slack.api_url.starts_with("http://"))
        return fail(Errc::invalid_argument,
                    "MILLWRIGHT_SLACK_API_URL must begin with https:// or http://");
    auto file = settings.get("SLACK_CLIENT_SECRET_FILE");
    if (file.empty() != slack.client_id.empty())
        return fail(Errc::invalid_argument,
                    "MILLWRIGHT_SLACK_CLIENT_ID and MILLWRIGHT_SLACK_CLIENT_SECRET_FILE are set "
                    "together, or neither is");
    if (file.empty()) return slack;
    auto text = read_file(file, kSecretBytesMax);
    if (!text)
        return fail(
            Errc::invalid_argument,
            fmt::format("MILLWRIGHT_SLACK_CLIENT_SECRET_FILE {}: {}", file, text.error().message));
    slack.client_secret = Secret(std::string(trimmed(*text)));
    if (slack.client_secret.empty())
        return fail(Errc::invalid_argument,
                    fmt::format("MILLWRIGHT_SLACK_CLIENT_SECRET_FILE {}: is empty", file));
    return slack;
}

}  // namespace

std::string name_of(Service service) {
    return service == Service::slack ? "slack" : "teams";
}

result<ChatSettings> ChatSettings::from(const Settings& settings) {
    ChatSettings chat;
    MW_TRY(bool slack, on_or_off(settings, "SLACK", !settings.get("SLACK_CLIENT_ID").empty()));
    if (slack) {
        MW_TRY(chat.slack, slack_from(settings));
    }
    MW_TRY(chat.teams, on_or_off(settings, "TEAMS", true));
    auto networks = http::AddressRules::parse(settings.get("CHAT_NETWORKS"));
    if (!networks)
        return fail(Errc::invalid_argument,
                    fmt::format("MILLWRIGHT_CHAT_NETWORKS: {}", networks.error().message));
    chat.networks = std::move(*networks);
    MW_TRY(auto pause, settings.get_int("CHAT_RETRY_SECONDS", 1, 3600));
    chat.retries.first_pause = std::chrono::seconds(pause);
    return chat;
}

}  // namespace mw::chat
