#include "features/git_hosts/incoming.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "api/form.hpp"
#include "base/json_reader.hpp"
#include "base/storable_text.hpp"
#include "features/git_hosts/events/host_events.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/hmac.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::git_hosts {
namespace {

constexpr std::size_t kIdBytesMax = 200;

bool has_hmac(const Secret& secret, const http::Request& request, std::string_view given) {
    return !given.empty() &&
           crypto::constant_time_equal(crypto::hmac_sha256_hex(secret, request.body), given);
}

bool has_password(const Secret& secret, std::string_view authorization) {
    constexpr std::string_view kBasic = "Basic ";
    if (!authorization.starts_with(kBasic)) return false;
    auto pair = crypto::base64_decode(authorization.substr(kBasic.size()));
    if (!pair) return false;
    auto colon = pair->find(':');
    return colon != pair->npos &&
           crypto::constant_time_equal(secret.reveal(), std::string_view(*pair).substr(colon + 1));
}

std::string_view first_of(const http::Request& request,
                          std::initializer_list<std::string_view> headers) {
    for (auto name : headers)
        if (auto value = request.header(name); !value.empty()) return value;
    return {};
}

// Of Azure DevOps, where both stand in the body.
struct Names {
    std::string event;
    std::string id;
};

result<Names> azure_names(std::string_view body) {
    MW_TRY(auto value, parse_json(body));
    Names names;
    JsonReader in(value);
    in.required("eventType", names.event, {1, kIdBytesMax});
    in.keep("id", names.id, {0, kIdBytesMax});
    MW_CHECK(in.finish());
    return names;
}

result<Names> names_of(std::string_view kind, const http::Request& request) {
    if (kind == "azure_devops") return azure_names(request.body);
    Names names;
    if (kind == "gitlab") {
        names.event = request.header("x-gitlab-event");
        names.id = request.header("idempotency-key");
        // Events that came of one another have this in common.
        if (auto uuid = request.header("x-gitlab-event-uuid"); names.id.empty() && !uuid.empty())
            names.id = fmt::format("{}:{}", uuid, crypto::sha256_hex(request.body));
    } else if (kind == "gitea") {
        names.event = first_of(request, {"x-gitea-event", "x-forgejo-event", "x-github-event"});
        names.id =
            first_of(request, {"x-gitea-delivery", "x-forgejo-delivery", "x-github-delivery"});
    } else {
        names.event = request.header("x-github-event");
        names.id = request.header("x-github-delivery");
    }
    if (names.event.empty() || names.event.size() > kIdBytesMax)
        return fail(Errc::invalid_argument, "The request does not say which event it is.");
    return names;
}

std::string why_ignored(const HostEvent& event) {
    if (std::holds_alternative<std::monostate>(event)) return "Nothing here acts on this event.";
    const auto* request = std::get_if<PullRequestEvent>(&event);
    return request && request->action == PullRequestEvent::Action::other
               ? "Nothing here acts on such a change of a pull request."
               : "";
}

}  // namespace

bool is_signed(std::string_view kind, const Secret& secret, const http::Request& request) {
    if (secret.empty()) return false;
    if (kind == "azure_devops") return has_password(secret, request.header("authorization"));
    if (kind == "gitlab")
        return crypto::constant_time_equal(secret.reveal(), request.header("x-gitlab-token"));
    constexpr std::string_view kScheme = "sha256=";
    auto given = request.header("x-hub-signature-256");
    if (given.starts_with(kScheme)) return has_hmac(secret, request, given.substr(kScheme.size()));
    return kind == "gitea" &&
           has_hmac(secret, request,
                    first_of(request, {"x-gitea-signature", "x-forgejo-signature"}));
}

result<Incoming> read_webhook(std::string kind, const http::Request& request) {
    if (api::is_form(request))
        return fail(Errc::invalid_argument, "Set the webhook's content type to application/json.");
    MW_TRY(auto names, names_of(kind, request));
    Incoming incoming;
    incoming.delivery.kind = std::move(kind);
    incoming.delivery.event = storable_text(names.event, kIdBytesMax);
    if (names.event == "ping") {
        incoming.ignored = "The webhook works.";
        return incoming;
    }
    MW_TRY(incoming.event, events::read_event(incoming.delivery.kind, names.event, request.body));
    incoming.ignored = why_ignored(incoming.event);
    if (!incoming.ignored.empty()) return incoming;
    bool has_id = !names.id.empty() && names.id.size() <= kIdBytesMax;
    incoming.delivery.delivery_id =
        has_id ? storable_text(names.id, kIdBytesMax) : crypto::sha256_hex(request.body);
    incoming.delivery.payload = request.body;
    return incoming;
}

}  // namespace mw::git_hosts
