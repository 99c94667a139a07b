// GitHub, and Gitea and Forgejo, whose API is like it.
#include <fmt/format.h>

#include "features/git_hosts/client/host_api.hpp"
#include "features/git_hosts/events/fields.hpp"

namespace mw::git_hosts {
namespace {

using boost::json::object;

// More comments than that no person reads either.
constexpr int kCommentPagesMax = 20;

class GithubApi final : public HostApi {
  public:
    GithubApi(HostRequests& requests, HostAccess access)
        : requests_(requests), access_(std::move(access)) {}

    Awaitable<> set_status(CommitStatus status) override {
        MW_CO_CHECK(check_sha(status.sha));
        object body{{"state", word_of(status.state)},
                    {"context", status.context},
                    {"description", status.description}};
        if (!status.target_url.empty()) body["target_url"] = status.target_url;
        MW_CO_TRY(auto request, to("POST", fmt::format("statuses/{}", status.sha)));
        request.body = std::move(body);
        auto sent = co_await requests_.send(std::move(request));
        if (!sent) co_return fail(known(sent.error()));
        co_return result<>{};
    }

    Awaitable<> put_comment(PullRequestComment comment) override {
        MW_CO_TRY(auto id, co_await find_comment(comment));
        auto path = id ? fmt::format("issues/comments/{}", *id)
                       : fmt::format("issues/{}/comments", comment.pull_request);
        MW_CO_TRY(auto request, to(id ? "PATCH" : "POST", path));
        request.body = object{{"body", comment.markdown}};
        MW_CO_CHECK(co_await requests_.send(std::move(request)));
        co_return result<>{};
    }

    Awaitable<Abilities> look() override {
        MW_CO_TRY(auto request, to("GET", ""));
        MW_CO_TRY(auto answer, co_await requests_.send(std::move(request)));
        Abilities abilities;
        if (!answer.body.is_object()) co_return abilities;
        const auto& permissions = events::object_at(answer.body.get_object(), "permissions");
        if (permissions.contains("push"))
            abilities.may_report = events::flag_at(permissions, "push");
        if (permissions.contains("pull"))
            abilities.may_comment = events::flag_at(permissions, "pull");
        // GitHub shows what the token's owner may, which the token may have less of.
        if (access_.kind == "github")
            abilities.note =
                "A fine-grained token needs Commit statuses (write), Pull requests "
                "(write) and Contents (read); a classic one repo.";
        HostRequest who{.url = access_.api_url + "/user"};
        authorize(who);
        if (auto user = co_await requests_.send(std::move(who)); user && user->body.is_object())
            abilities.who = events::text_at(user->body.get_object(), "login");
        co_return abilities;
    }

  private:
    static std::string_view word_of(CommitState state) {
        return state == CommitState::pending   ? "pending"
               : state == CommitState::success ? "success"
                                               : "failure";
    }

    // Gitea fails where a commit is not there, instead of saying so.
    static Error known(Error error) {
        if (error.detail == "HTTP 500" &&
            error.message.find("object does not exist") != std::string::npos)
            error.code = Errc::invalid_argument;
        return error;
    }

    void authorize(HostRequest& request) const {
        request.token = access_.token;
        request.admits = access_.admits;
        if (access_.kind == "github")
            request.headers.emplace_back("x-github-api-version", "2022-11-28");
    }

    // Below the repository.
    result<HostRequest> to(std::string method, std::string_view path) const {
        MW_TRY(auto name, path_of(access_.full_name));
        HostRequest request{.method = std::move(method),
                            .url = fmt::format("{}/repos/{}{}{}", access_.api_url, name,
                                               path.empty() ? "" : "/", path)};
        authorize(request);
        return request;
    }

    Awaitable<std::optional<std::int64_t>> find_comment(const PullRequestComment& comment) {
        MW_CO_TRY(auto request, to("GET", fmt::format("issues/{}/comments", comment.pull_request)));
        std::optional<std::int64_t> found;
        std::int64_t last = 0;
        auto look = [&](const boost::json::array& page) {
            std::int64_t first = 0;
            for (const auto& each : page) {
                if (!each.is_object()) continue;
                auto id = events::number_at(each.get_object(), "id");
                if (first == 0) first = id;
                const auto* body = each.get_object().if_contains("body");
                if (!found && body && body->is_string() &&
                    has_marker(body->get_string(), comment.marker))
                    found = id;
            }
            // Gitea gives all comments at once, whichever page is asked for.
            bool is_again = first == last;
            last = first;
            return !found && !is_again;
        };
        MW_CO_CHECK(co_await requests_.each_page(std::move(request), kCommentPagesMax, "", look));
        co_return found;
    }

    HostRequests& requests_;
    HostAccess access_;
};

}  // namespace

std::unique_ptr<HostApi> make_github_api(HostRequests& requests, HostAccess access) {
    return std::make_unique<GithubApi>(requests, std::move(access));
}

}  // namespace mw::git_hosts
