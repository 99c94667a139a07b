#include "features/git_hosts/link_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>

#include "features/git_hosts/host_name.hpp"

namespace mw::git_hosts {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"github", "gitlab", "azure_devops", "gitea"};
constexpr const char* kKindWords = "must be github, gitlab, azure_devops or gitea";
constexpr std::size_t kTokenBytesMax = 8192;

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

result<std::string> api_url_of(std::string text) {
    while (text.ends_with('/'))
        text.pop_back();
    auto url = boost::urls::parse_uri(text);
    bool is_api = url && !url->host().empty() && !url->has_userinfo() && !url->has_query() &&
                  !url->has_fragment() &&
                  (url->scheme_id() == boost::urls::scheme::https ||
                   url->scheme_id() == boost::urls::scheme::http);
    if (!is_api)
        return fail_field("api_url",
                          "must be the address of the host's API, such as https://api.github.com "
                          "or https://gitlab.example.com/api/v4");
    return text;
}

}  // namespace

result<LinkInput> read_link(const RequestBody& body) {
    LinkInput input;
    JsonReader in(body);
    std::optional<std::string> token;
    in.optional("kind", input.kind);
    in.optional("api_url", input.api_url, {1, 2048});
    in.optional("username", input.username, {1, 255});
    in.optional("token", token, {0, kTokenBytesMax});
    in.keep("rotate_webhook_secret", input.rotate_webhook_secret);
    if (input.kind && std::ranges::find(kKinds, *input.kind) == kKinds.end())
        in.error("kind", kKindWords);
    if (input.username && !is_printable(*input.username))
        in.error("username", "must not hold blanks");
    // A client that was not shown it sends it back empty.
    if (token && !token->empty()) {
        if (!is_printable(*token)) in.error("token", "must not hold blanks");
        input.token = Secret(std::move(*token));
    }
    MW_CHECK(in.finish());
    return input;
}

result<> apply_input(const LinkInput& input, const std::string& remote_url, Link& link) {
    bool is_new = link.kind.empty();
    auto before = link;
    auto remote = remote_of(remote_url);
    auto kind = input.kind ? input.kind : is_new ? kind_of(remote_url) : link.kind;
    if (!kind)
        return fail_field("kind", fmt::format("{}: the repository's URL does not say", kKindWords));
    bool other_kind = *kind != link.kind;
    link.kind = *kind;
    link.git_host = remote.authority();
    if (input.api_url) {
        MW_TRY(link.api_url, api_url_of(*input.api_url));
    } else if (other_kind || before.git_host != link.git_host) {
        link.api_url = default_api_url(link.kind, remote_url);
    }
    if (input.username)
        link.username = *input.username;
    else if (other_kind)
        link.username = default_username(link.kind);
    if (!input.token.empty()) return {};
    if (is_new) return fail_field("token", "is required");
    if (link.api_url != before.api_url || link.git_host != before.git_host)
        return fail_field("token", "is required anew, as it would be shown to another host");
    return {};
}

}  // namespace mw::git_hosts
