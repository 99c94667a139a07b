#include <fmt/format.h>

#include "features/git_hosts/client/host_api.hpp"
#include "features/git_hosts/events/fields.hpp"

namespace mw::git_hosts {
namespace {

using boost::json::object;

constexpr std::string_view kVersion = "api-version=7.0";
// Above this product's statuses in the lists of Azure DevOps.
constexpr std::string_view kGenre = "millwright";
// Comments that nobody has to resolve before the pull request is completed.
constexpr std::string_view kClosed = "closed";

class AzureApi final : public HostApi {
  public:
    AzureApi(HostRequests& requests, HostAccess access)
        : requests_(requests), access_(std::move(access)) {}

    Awaitable<> set_status(CommitStatus status) override {
        MW_CO_CHECK(check_sha(status.sha));
        object body{{"state", word_of(status.state)},
                    {"description", status.description},
                    {"context", {{"name", status.context}, {"genre", kGenre}}}};
        if (!status.target_url.empty()) body["targetUrl"] = status.target_url;
        MW_CO_CHECK(co_await send("POST", fmt::format("commits/{}/statuses", status.sha), body));
        // A pull request shows, and a policy asks for, its own alone.
        if (status.pull_request > 0)
            MW_CO_CHECK(co_await send(
                "POST", fmt::format("pullRequests/{}/statuses", status.pull_request), body));
        co_return result<>{};
    }

    Awaitable<> put_comment(PullRequestComment comment) override {
        auto threads = fmt::format("pullRequests/{}/threads", comment.pull_request);
        MW_CO_TRY(auto answer, co_await send("GET", threads, {}));
        if (auto place = find_comment(answer.body, comment.marker)) {
            MW_CO_CHECK(co_await send(
                "PATCH", fmt::format("{}/{}/comments/{}", threads, place->thread, place->comment),
                object{{"content", comment.markdown}}));
            co_return result<>{};
        }
        object text{{"parentCommentId", 0}, {"content", comment.markdown}, {"commentType", "text"}};
        MW_CO_CHECK(co_await send(
            "POST", threads,
            object{{"comments", boost::json::array{std::move(text)}}, {"status", kClosed}}));
        co_return result<>{};
    }

    Awaitable<Abilities> look() override {
        MW_CO_CHECK(co_await send("GET", "", {}));
        co_return Abilities{
            .note =
                "Azure DevOps does not say what else a token may: it needs Code (read), Code "
                "(status) and, for comments, Pull request threads (read & write)."};
    }

  private:
    struct Place {
        std::int64_t thread = 0;
        std::int64_t comment = 0;
    };

    static std::string_view word_of(CommitState state) {
        return state == CommitState::pending   ? "pending"
               : state == CommitState::success ? "succeeded"
                                               : "failed";
    }

    static std::optional<Place> find_comment(const boost::json::value& answer,
                                             std::string_view marker) {
        if (!answer.is_object()) return std::nullopt;
        for (const auto& thread : events::array_at(answer.get_object(), "value")) {
            if (!thread.is_object()) continue;
            for (const auto& each : events::array_at(thread.get_object(), "comments")) {
                const auto* content =
                    each.is_object() ? each.get_object().if_contains("content") : nullptr;
                if (content && content->is_string() && has_marker(content->get_string(), marker))
                    return Place{events::number_at(thread.get_object(), "id"),
                                 events::number_at(each.get_object(), "id")};
            }
        }
        return std::nullopt;
    }

    // Below the repository, whose name is "organisation/project/repository".
    Awaitable<HostAnswer> send(std::string method, std::string path,
                               std::optional<boost::json::value> body) {
        MW_CO_TRY(auto name, path_of(access_.full_name));
        auto last = name.rfind('/');
        HostRequest request{
            .method = std::move(method),
            .url = fmt::format("{}/{}/_apis/git/repositories/{}{}{}?{}", access_.api_url,
                               name.substr(0, last), name.substr(last + 1), path.empty() ? "" : "/",
                               path, kVersion),
            .body = std::move(body),
            .basic_pair = Secret(":" + access_.token.reveal()),
            .admits = access_.admits};
        co_return co_await requests_.send(std::move(request));
    }

    HostRequests& requests_;
    HostAccess access_;
};

}  // namespace

std::unique_ptr<HostApi> make_azure_api(HostRequests& requests, HostAccess access) {
    return std::make_unique<AzureApi>(requests, std::move(access));
}

}  // namespace mw::git_hosts
