#include "features/git_hosts/webhook_api.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "features/git_hosts/host_name.hpp"
#include "features/git_hosts/incoming.hpp"
#include "features/git_hosts/installation_store.hpp"
#include "features/git_hosts/link_store.hpp"
#include "infra/http/server/error_response.hpp"

namespace mw::git_hosts {
namespace {

namespace asio = boost::asio;

// What is larger is hashed and parsed on another thread.
constexpr std::size_t kAtOnceBytesMax = 128UL * 1024;

http::Response answer(int status, std::string_view message) {
    return http::Response::json(status, boost::json::object{{"message", message}});
}

std::string words_of(const InstallationEvent& event) {
    return fmt::format("installation {} of {}: noted", event.installation_id, event.account_login);
}

class WebhookApi {
  public:
    WebhookApi(pg::Pool& pool, const crypto::Sealer& sealer, BlockingPool& blocking,
               const GitHostSettings& settings)
        : pool_(pool), sealer_(sealer), blocking_(blocking), settings_(settings) {}

    api::Reply of_app(http::Request& request) {
        MW_CO_TRY(auto incoming, co_await read("github", settings_.app->webhook_secret, request));
        incoming.delivery.source = "github_app";
        if (incoming.ignored.empty()) {
            MW_CO_TRY(bool known, co_await is_known(incoming.event));
            if (!known) incoming.ignored = "No account here works with this installation.";
        }
        co_return co_await keep(incoming);
    }

    api::Reply of_link(http::Request& request) {
        MW_CO_TRY(auto link, co_await link_of(request));
        auto id = *parse_id(request.path_params.at("id"));
        MW_CO_TRY(auto secret, sealer_.open(link.sealed_webhook_secret.data, webhook_context(id)));
        MW_CO_TRY(auto incoming, co_await read(link.kind, std::move(secret), request));
        incoming.delivery.source = fmt::format("repository:{}", id);
        incoming.delivery.repository_id = id;
        if (incoming.ignored.empty()) incoming.ignored = why_foreign(link, incoming.event);
        co_return co_await keep(incoming);
    }

    // Before a body of some megabytes is taken from whoever sends it.
    asio::awaitable<std::optional<http::Response>> admit_link(http::Request& request) {
        auto link = co_await link_of(request);
        if (link) co_return std::nullopt;
        co_return http::error_response(link.error(), request.request_id);
    }

  private:
    Awaitable<WebhookLink> link_of(const http::Request& request) {
        auto id = parse_id(request.path_params.at("id"));
        if (!id) co_return api::not_found();
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto link, co_await find_webhook_link(*connection, *id));
        if (!link) co_return api::not_found();
        co_return std::move(*link);
    }

    Awaitable<Incoming> read(std::string kind, Secret secret, const http::Request& request) {
        auto work = [&]() -> result<Incoming> {
            if (!is_signed(kind, secret, request)) return api::not_found();
            return read_webhook(kind, request);
        };
        if (request.body.size() <= kAtOnceBytesMax) co_return work();
        co_return co_await offload(blocking_, work);
    }

    Awaitable<bool> is_known(const HostEvent& event) {
        auto id = std::visit(
            [](const auto& one) -> std::optional<Id> {
                if constexpr (requires { one.repository; })
                    return one.repository.installation_id;
                else if constexpr (requires { one.installation_id; })
                    return one.installation_id;
                else
                    return std::nullopt;
            },
            event);
        if (!id) co_return false;
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return co_await is_bound(*connection, *id);
    }

    // A webhook of a whole organisation tells of all its repositories.
    static std::string why_foreign(const WebhookLink& link, const HostEvent& event) {
        return std::visit(
            [&](const auto& one) -> std::string {
                if constexpr (requires { one.repository; }) {
                    if (is_of(one.repository, link.kind, link.remote_url)) return {};
                    return fmt::format("This address is of {}, and the event is of {}.",
                                       full_name_on(link.kind, link.remote_url),
                                       one.repository.full_name);
                }
                return "Only the GitHub App is told of installations.";
            },
            event);
    }

    api::Reply keep(const Incoming& incoming) {
        const auto& delivery = incoming.delivery;
        if (!incoming.ignored.empty()) co_return answer(200, incoming.ignored);
        auto work = [&](pg::Connection& tx) -> Awaitable<bool> {
            MW_CO_TRY(bool is_new, co_await insert_delivery(tx, delivery));
            const auto* change = std::get_if<InstallationEvent>(&incoming.event);
            if (!is_new || !change) co_return is_new;
            // Nobody's runs depend on it: it is acted on at once.
            MW_CO_CHECK(co_await apply_installation_event(tx, *change));
            MW_CO_CHECK(co_await set_handled(tx, delivery, words_of(*change)));
            co_return true;
        };
        MW_CO_TRY(bool is_new, co_await pg::with_tx(pool_, work));
        log::info("git host told of something", {{"source", delivery.source},
                                                 {"event", delivery.event},
                                                 {"delivery", delivery.delivery_id},
                                                 {"known", !is_new}});
        co_return is_new ? answer(202, "Taken.") : answer(200, "It is already here.");
    }

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    BlockingPool& blocking_;
    const GitHostSettings& settings_;
};

}  // namespace

std::string webhook_url(std::string_view public_url, Id repository_id) {
    return fmt::format("{}/api/v1/webhooks/repository/{}/", public_url, repository_id);
}

void add_webhook_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                           BlockingPool& blocking, const GitHostSettings& settings) {
    auto self = std::make_shared<WebhookApi>(pool, sealer, blocking, settings);
    if (settings.app)
        api.open().add("POST", "/api/v1/webhooks/github/",
                       [self](http::Request& request) { return self->of_app(request); },
                       {.max_bytes = kWebhookBytesMax});
    if (settings.links)
        api.open().add("POST", "/api/v1/webhooks/repository/{id}/",
                       [self](http::Request& request) { return self->of_link(request); },
                       {.max_bytes = kWebhookBytesMax, .admit = [self](http::Request& request) {
                            return self->admit_link(request);
                        }});
}

}  // namespace mw::git_hosts
