#include "features/git_hosts/git_host_settings.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>

#include "base/files.hpp"
#include "base/ids.hpp"
#include "base/trimmed.hpp"

namespace mw::git_hosts {
namespace {

constexpr std::size_t kFileBytesMax = 64UL * 1024;

std::unexpected<Error> wrong(std::string_view key, std::string_view what) {
    return fail(Errc::invalid_argument, fmt::format("MILLWRIGHT_{}: {}", key, what));
}

result<Secret> secret_in(const Settings& settings, std::string_view key, std::string_view what) {
    auto file = settings.get(key);
    if (file.empty())
        return wrong(key, fmt::format("must name the file that holds {} of the GitHub App", what));
    auto text = read_file(file, kFileBytesMax);
    if (!text) return wrong(key, text.error().message);
    Secret secret{std::string(trimmed(*text))};
    if (secret.empty()) return wrong(key, "the file is empty");
    return secret;
}

// A bare host is what older settings have.
result<std::string> url_in(const Settings& settings, std::string_view key, bool may_be_empty) {
    auto text = settings.get(key);
    if (text.empty() && may_be_empty) return text;
    if (text.find("://") == text.npos) text = "https://" + text;
    while (text.ends_with('/'))
        text.pop_back();
    auto url = boost::urls::parse_uri(text);
    bool is_web = url && !url->host().empty() && !url->has_userinfo() &&
                  (url->scheme_id() == boost::urls::scheme::https ||
                   url->scheme_id() == boost::urls::scheme::http);
    if (!is_web) return wrong(key, "must be an address such as https://github.com");
    return text;
}

}  // namespace

result<GithubAppSettings> GithubAppSettings::from(const Settings& settings) {
    auto app_id = settings.get("GITHUB_APP_ID");
    if (!parse_id(app_id))
        return wrong("GITHUB_APP_ID", "must be the number that GitHub gave the App");
    auto client_id = settings.get("GITHUB_CLIENT_ID");
    if (client_id.empty())
        return wrong("GITHUB_CLIENT_ID", "must be the client id of the GitHub App");
    MW_TRY(auto client_secret,
           secret_in(settings, "GITHUB_CLIENT_SECRET_FILE", "the client secret"));
    MW_TRY(auto key, secret_in(settings, "GITHUB_PRIVATE_KEY_FILE", "the private key (PEM)"));
    auto signer = jwt::Signer::from_pem(key);
    if (!signer) return wrong("GITHUB_PRIVATE_KEY_FILE", signer.error().message);
    MW_TRY(auto webhook_secret,
           secret_in(settings, "GITHUB_WEBHOOK_SECRET_FILE", "the webhook secret"));
    MW_TRY(auto base_url, url_in(settings, "GITHUB_BASE_URL", false));
    MW_TRY(auto api_url, url_in(settings, "GITHUB_API_URL", false));
    MW_TRY(auto install_url, url_in(settings, "GITHUB_INSTALL_URL", true));
    MW_TRY(auto configure_url, url_in(settings, "GITHUB_CONFIGURE_URL", true));
    return GithubAppSettings{.app_id = std::move(app_id),
                             .client_id = std::move(client_id),
                             .client_secret = std::move(client_secret),
                             .signer = std::move(*signer),
                             .webhook_secret = std::move(webhook_secret),
                             .base_url = std::move(base_url),
                             .api_url = std::move(api_url),
                             .install_url = std::move(install_url),
                             .configure_url = std::move(configure_url)};
}

result<GitHostSettings> GitHostSettings::from(const Settings& settings) {
    GitHostSettings hosts;
    auto links = settings.get("GIT_HOSTS");
    if (links != "on" && links != "off") return wrong("GIT_HOSTS", "must be on or off");
    hosts.links = links == "on";
    auto networks = http::AddressRules::parse(settings.get("GIT_HOST_NETWORKS"));
    if (!networks) return wrong("GIT_HOST_NETWORKS", networks.error().message);
    hosts.networks = std::move(*networks);
    if (settings.get("GITHUB_APP_ID").empty()) return hosts;
    MW_TRY(hosts.app, GithubAppSettings::from(settings));
    return hosts;
}

}  // namespace mw::git_hosts
