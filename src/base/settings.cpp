#include "base/settings.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/trimmed.hpp"

namespace mw {
namespace {

constexpr std::string_view kPrefix = "MILLWRIGHT_";

// clang-format off
constexpr std::array kSettings{
    SettingSpec{"CONFIG", "", "Path of a config file with these same keys."},
    SettingSpec{"DATA_DIR", "var/data", "Folder for everything that must survive: PostgreSQL, object store, keys, engines."},
    SettingSpec{"RUN_DIR", "", "Folder for Unix sockets; short, because a socket path has at most 107 bytes. Default: one under /run or /tmp derived from DATA_DIR."},
    SettingSpec{"SHARE_DIR", "", "Folder with the web application, engine catalogue and engine host. Default: next to the program."},
    SettingSpec{"PORT", "", "HTTPS port. Default: 443 if it may be bound, else 8443."},
    SettingSpec{"BIND", "0.0.0.0", "Address on which the gateway listens."},
    SettingSpec{"HOSTNAME", "localhost", "Name by which users reach the appliance; in links and, with metadata. before it for the Discovery API, too, in the self-signed certificate."},
    SettingSpec{"USER", "millwright", "System user that everything runs as when started by root."},
    SettingSpec{"TLS_CERT", "", "PEM certificate chain. Default: self-signed, made at first start."},
    SettingSpec{"TLS_KEY", "", "PEM private key for TLS_CERT."},
    SettingSpec{"DATABASE_URL", "", "PostgreSQL connection string. Default: the embedded server.", true},
    SettingSpec{"OBJECT_STORE", "", "Where logs and artifacts go: file:/path. Default: file: under DATA_DIR."},
    SettingSpec{"MASTER_KEY_FILE", "", "File with the key that wraps the data key. Default: under DATA_DIR, made at first start."},
    SettingSpec{"ENGINES_DIR", "", "Folder of installed dbt engines. Default: under DATA_DIR."},
    SettingSpec{"LOG_LEVEL", "info", "Least level written: debug, info, warn, error."},
    SettingSpec{"POSTGRES_BIN", "/usr/lib/postgresql/15/bin", "Folder of the PostgreSQL server programs for the embedded server."},
    SettingSpec{"LEASE_SECONDS", "30", "A run whose worker is not heard from for this long is taken as lost."},
    SettingSpec{"SCHEDULER_POLL_SECONDS", "5", "Safety net: how often the scheduler looks at the queue without being woken."},
    SettingSpec{"MAX_RUNS", "8", "Runs that this machine executes at once, over all accounts."},
    SettingSpec{"SANDBOX", "on", "Whether dbt is confined to its own run: on, or off where every project is trusted."},
    SettingSpec{"SANDBOX_FOLDERS", "", "Folders, separated by colons, that every run may read and write besides its own."},
    SettingSpec{"REPOSITORY_CACHE", "on", "Whether runs share a copy of their project's repository, so that each fetches only what is new and goes on when the git host is away: on or off."},
    SettingSpec{"RUN_MEMORY_MB", "0", "Memory, in MiB, that a run's dbt may use at most; an account or a job may have less. 0: no limit."},
    SettingSpec{"RUN_CPUS", "0", "Processors that a run may keep busy at most, such as 1.5; an account or a job may have less. 0: no limit."},
    SettingSpec{"RUN_PROCESSES", "1024", "Processes and threads that a run may have at most; an account or a job may have less. 0: no limit."},
    SettingSpec{"WARM_HOSTS", "2", "Engines that are kept ready in memory, so that runs need not import dbt. 0: none."},
    SettingSpec{"MERGE_MEMORY", "off", "Whether the kernel merges what sessions of warm hosts hold alike: on or off. Many runs at once take half the memory; in return a run may guess, by timing, what another one holds."},
    SettingSpec{"CONNECTION_TEST_SECONDS", "60", "How long a test of a connection waits for the warehouse; one that has to be started first may need minutes."},
    SettingSpec{"API_REQUESTS_PER_MINUTE", "6000", "Requests that one token, or one signed-in person, may make in a minute; a tenth of them at once. More are answered with 429 and the time to wait. 0: no limit."},
    SettingSpec{"WEBHOOK_NETWORKS", "", "Networks and addresses besides the public internet that webhooks may call, separated by commas: 10.0.0.0/8, 192.168.1.7."},
    SettingSpec{"SIGN_ON_NETWORKS", "", "Networks and addresses besides the public internet in which identity providers (OpenID Connect) may be, separated by commas: 10.0.0.0/8, 192.168.1.7."},
    SettingSpec{"GIT_HOSTS", "on", "Whether projects may link their repositories to a git host by a token, for statuses, comments, webhooks and fetching: on, or off. The GitHub App is a matter of its own."},
    SettingSpec{"GIT_HOST_NETWORKS", "", "Networks and addresses besides the public internet in which the git hosts of such links may be, separated by commas: 10.0.0.0/8, 192.168.1.7. Plain http is spoken to these alone."},
    SettingSpec{"COMMIT_STATUS_CONTEXT", "dbt Cloud", "Name of the row that a pull request shows for its runs; what protects a branch may ask for it by this name."},
    SettingSpec{"COMMIT_STATUS_RETRY_SECONDS", "10", "How long after a failed try a git host is told again of a commit; each further pause is three times as long, six tries in all."},
    SettingSpec{"GITHUB_APP_ID", "", "Number of the GitHub App through which accounts work with their repositories. Empty: there is none."},
    SettingSpec{"GITHUB_CLIENT_ID", "", "Its client id."},
    SettingSpec{"GITHUB_CLIENT_SECRET_FILE", "", "File that holds its client secret."},
    SettingSpec{"GITHUB_PRIVATE_KEY_FILE", "", "File that holds its private key, as PEM."},
    SettingSpec{"GITHUB_WEBHOOK_SECRET_FILE", "", "File that holds its webhook secret."},
    SettingSpec{"GITHUB_BASE_URL", "https://github.com", "Where GitHub is for people and git; of GitHub Enterprise Server, https://host."},
    SettingSpec{"GITHUB_API_URL", "https://api.github.com", "Where GitHub's API is; of GitHub Enterprise Server, https://host/api/v3."},
    SettingSpec{"GITHUB_INSTALL_URL", "", "Page on which the GitHub App is installed: https://github.com/apps/name/installations/new. Empty: people are asked for consent, and install it by themselves."},
    SettingSpec{"GITHUB_CONFIGURE_URL", "", "Page on which one changes which repositories the GitHub App has."},
    SettingSpec{"WEBHOOK_RETRY_SECONDS", "10", "How long after a failed try a webhook is tried again; each further pause is three times as long, five tries in all."},
    SettingSpec{"SMTP_HOST", "", "The mail server that takes this installation's e-mail. Empty: none is sent."},
    SettingSpec{"SMTP_PORT", "587", "Its port: 587 as a rule, 465 for tls, 25 for a relay within the network."},
    SettingSpec{"SMTP_SECURITY", "starttls", "starttls: encrypted after the greeting, or not at all sent; tls: from the first byte; none: a relay that one trusts the network to."},
    SettingSpec{"SMTP_USER", "", "Who signs in to it. Empty: nobody does."},
    SettingSpec{"SMTP_PASSWORD_FILE", "", "File that holds the password."},
    SettingSpec{"SMTP_CA_FILE", "", "Certificates, as PEM, by which its own is checked. Empty: the system's."},
    SettingSpec{"SMTP_FROM", "", "Address that mail comes from: millwright@example.com."},
    SettingSpec{"SMTP_FROM_NAME", "Millwright", "Name that mail comes from."},
    SettingSpec{"MAIL_RETRY_SECONDS", "30", "How long after a failed try a letter is tried again; each further pause is four times as long, five tries in all."},
    SettingSpec{"SLACK", "", "Whether ends of runs are told in Slack: on or off. Default: on when SLACK_CLIENT_ID is set. On without it: accounts enter a bot's token."},
    SettingSpec{"SLACK_CLIENT_ID", "", "Client id of this installation's own Slack app, by which accounts connect their workspaces. The app's redirect URL is https://HOSTNAME/complete/slack, with the port if it is not 443; its token rotation is off."},
    SettingSpec{"SLACK_CLIENT_SECRET_FILE", "", "File that holds that app's client secret."},
    SettingSpec{"SLACK_API_URL", "https://slack.com/api", "Where Slack's API is; another address for a proxy."},
    SettingSpec{"TEAMS", "on", "Whether ends of runs are told in Microsoft Teams: on or off."},
    SettingSpec{"CHAT_NETWORKS", "", "Networks and addresses besides the public internet in which the addresses of Teams channels may be, separated by commas: 10.0.0.0/8, 192.168.1.7."},
    SettingSpec{"CHAT_RETRY_SECONDS", "30", "How long after a failed try a message to Slack or Teams is tried again; each further pause is four times as long, five tries in all."},
    SettingSpec{"LOG_FLUSH_SECONDS", "30", "How long after a run's end its log is moved to the object store."},
    SettingSpec{"RUN_RETENTION_DAYS", "365", "Runs older than this are removed with their logs and artifacts."},
    SettingSpec{"HISTORY_RETENTION_DAYS", "1095", "Results of models and tests older than this are removed, month by month; they outlive the runs."},
};
// clang-format on

const SettingSpec* find_spec(std::string_view key) {
    for (const auto& spec : kSettings)
        if (spec.key == key) return &spec;
    return nullptr;
}

std::string_view unquote(std::string_view text) {
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
        text.back() == text.front())
        return text.substr(1, text.size() - 2);
    return text;
}

result<> read_file(const std::filesystem::path& file,
                   std::map<std::string, std::string, std::less<>>& values) {
    std::ifstream in(file);
    if (!in)
        return fail(Errc::invalid_argument,
                    fmt::format("config file {}: cannot be read", file.string()));
    std::string raw;
    for (int number = 1; std::getline(in, raw); ++number) {
        auto line = trimmed(raw);
        if (line.empty() || line.front() == '#') continue;
        auto equals = line.find('=');
        auto key = trimmed(line.substr(0, equals));
        if (equals == line.npos || !key.starts_with(kPrefix) ||
            !find_spec(key.substr(kPrefix.size())))
            return fail(Errc::invalid_argument,
                        fmt::format("config file {} line {}: not a setting (docs/config.md lists "
                                    "them): {}",
                                    file.string(), number, key));
        values[std::string(key.substr(kPrefix.size()))] =
            std::string(unquote(trimmed(line.substr(equals + 1))));
    }
    return {};
}

}  // namespace

std::span<const SettingSpec> all_settings() {
    return kSettings;
}

result<Settings> Settings::load(const std::filesystem::path& config_file) {
    Settings settings;
    auto file = config_file;
    if (const char* from_env = std::getenv("MILLWRIGHT_CONFIG"); file.empty() && from_env)
        file = from_env;
    if (!file.empty()) MW_CHECK(read_file(file, settings.values_));
    for (const auto& spec : kSettings) {
        auto name = std::string(kPrefix) + std::string(spec.key);
        if (const char* value = std::getenv(name.c_str()); value && *value)
            settings.values_[std::string(spec.key)] = value;
    }
    return settings;
}

std::string Settings::get(std::string_view key) const {
    if (auto found = values_.find(key); found != values_.end()) return found->second;
    const auto* spec = find_spec(key);
    if (!spec) throw std::logic_error(fmt::format("undeclared setting {}", key));
    return std::string(spec->fallback);
}

result<std::int64_t> Settings::get_int(std::string_view key, std::int64_t least,
                                       std::int64_t most) const {
    auto text = get(key);
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return fail(Errc::invalid_argument,
                    fmt::format("{}{}: must be a whole number from {} to {}, not \"{}\"", kPrefix,
                                key, least, most, text));
    return value;
}

bool Settings::get_bool(std::string_view key) const {
    auto text = get(key);
    return text == "1" || text == "true" || text == "yes" || text == "on";
}

void Settings::set(std::string_view key, std::string value) {
    if (!find_spec(key)) throw std::logic_error(fmt::format("undeclared setting {}", key));
    values_[std::string(key)] = std::move(value);
}

std::map<std::string, std::string> Settings::as_environment() const {
    std::map<std::string, std::string> environment;
    for (const auto& [key, value] : values_)
        environment[std::string(kPrefix) + key] = value;
    return environment;
}

}  // namespace mw
