#include <fmt/format.h>

#include "features/git_hosts/client/host_api.hpp"
#include "features/git_hosts/events/fields.hpp"

namespace mw::git_hosts {
namespace {

using boost::json::object;

constexpr int kNotePagesMax = 20;
// GitLab's level from which on one may set statuses.
constexpr std::int64_t kDeveloper = 30;

class GitlabApi final : public HostApi {
  public:
    GitlabApi(HostRequests& requests, HostAccess access)
        : requests_(requests), access_(std::move(access)) {}

    Awaitable<> set_status(CommitStatus status) override {
        MW_CO_CHECK(check_sha(status.sha));
        auto request = to("POST", fmt::format("statuses/{}", status.sha));
        request.body = object{{"state", word_of(status.state)},
                              {"name", status.context},
                              {"description", status.description},
                              {"target_url", status.target_url}};
        auto sent = co_await requests_.send(std::move(request));
        // What is said again: it is so already.
        bool is_same = !sent && sent.error().code == Errc::invalid_argument &&
                       sent.error().message.find("Cannot transition status") != std::string::npos;
        if (!sent && !is_same) co_return fail(sent.error());
        co_return result<>{};
    }

    Awaitable<> put_comment(PullRequestComment comment) override {
        auto notes = fmt::format("merge_requests/{}/notes", comment.pull_request);
        std::optional<std::int64_t> id;
        auto look = [&](const boost::json::array& page) {
            for (const auto& each : page) {
                if (!each.is_object()) continue;
                const auto* body = each.get_object().if_contains("body");
                if (!id && body && body->is_string() &&
                    has_marker(body->get_string(), comment.marker))
                    id = events::number_at(each.get_object(), "id");
            }
            return !id;
        };
        MW_CO_CHECK(co_await requests_.each_page(to("GET", notes), kNotePagesMax, "", look));
        auto request = id ? to("PUT", fmt::format("{}/{}", notes, *id)) : to("POST", notes);
        request.body = object{{"body", comment.markdown}};
        MW_CO_CHECK(co_await requests_.send(std::move(request)));
        co_return result<>{};
    }

    Awaitable<Abilities> look() override {
        MW_CO_TRY(auto answer, co_await requests_.send(to("GET", "")));
        Abilities abilities;
        abilities.note = "The token needs the scope api.";
        if (answer.body.is_object()) {
            const auto& permissions = events::object_at(answer.body.get_object(), "permissions");
            auto level = std::max(
                events::number_at(events::object_at(permissions, "project_access"), "access_level"),
                events::number_at(events::object_at(permissions, "group_access"), "access_level"));
            if (level > 0) abilities.may_report = level >= kDeveloper;
        }
        MW_CO_CHECK(co_await look_at_token(abilities));
        co_return abilities;
    }

  private:
    static std::string_view word_of(CommitState state) {
        return state == CommitState::pending   ? "pending"
               : state == CommitState::success ? "success"
                                               : "failed";
    }

    HostRequest anywhere(std::string method, std::string url) const {
        return {.method = std::move(method),
                .url = std::move(url),
                .token = access_.token,
                .admits = access_.admits};
    }

    // Below the project, which goes by its name as one word.
    HostRequest to(std::string method, std::string_view path) const {
        return anywhere(std::move(method),
                        fmt::format("{}/projects/{}{}{}", access_.api_url,
                                    encoded(access_.full_name), path.empty() ? "" : "/", path));
    }

    // Which scopes it has: not told of every kind of token.
    Awaitable<> look_at_token(Abilities& abilities) {
        auto self = co_await requests_.send(
            anywhere("GET", access_.api_url + "/personal_access_tokens/self"));
        if (self && self->body.is_object()) {
            bool has_api = false;
            for (const auto& scope : events::array_at(self->body.get_object(), "scopes"))
                has_api = has_api || scope == "api";
            abilities.may_comment = has_api;
            if (!has_api) abilities.may_report = false;
        }
        auto user = co_await requests_.send(anywhere("GET", access_.api_url + "/user"));
        if (user && user->body.is_object())
            abilities.who = events::text_at(user->body.get_object(), "username");
        co_return result<>{};
    }

    HostRequests& requests_;
    HostAccess access_;
};

}  // namespace

std::unique_ptr<HostApi> make_gitlab_api(HostRequests& requests, HostAccess access) {
    return std::make_unique<GitlabApi>(requests, std::move(access));
}

}  // namespace mw::git_hosts
