#include "features/commit_reports/reporter.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/log.hpp"
#include "features/compare_changes/comparison_api.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::commit_reports {
namespace {

constexpr int kAttemptsMax = 6;

std::string digest(const git_hosts::CommitStatus& status) {
    return crypto::sha256_hex(fmt::format("{}\n{}\n{}\n{}", static_cast<int>(status.state),
                                          status.context, status.description, status.target_url));
}

// What another try would not change.
bool is_final(const Error& error) {
    return error.code == Errc::not_found || error.code == Errc::invalid_argument ||
           error.code == Errc::forbidden || error.code == Errc::unauthenticated;
}

}  // namespace

Reporter::Reporter(boost::asio::any_io_executor executor, pg::Pool& pool,
                   git_hosts::GitHosts& hosts, store::ObjectStore& objects, std::string public_url,
                   ReporterOptions options)
    : pool_(pool),
      hosts_(hosts),
      objects_(objects),
      public_url_(std::move(public_url)),
      options_(std::move(options)),
      loop_(std::move(executor), pool, kChannel, "git hosts are not told of runs") {
}

boost::asio::awaitable<void> Reporter::run() {
    using namespace boost::asio::experimental::awaitable_operators;
    auto next = [this] { return deliver_next(); };
    co_await (loop_.listen() || loop_.work(next) || loop_.work(next));
}

Awaitable<bool> Reporter::deliver_next() {
    MW_CO_TRY(auto taken, co_await take_report(pool_));
    if (!taken) co_return false;
    Told told;
    auto outcome = co_await tell(*taken, told);
    MW_CO_CHECK(co_await record_told(pool_, *taken, told, outcome.has_value()));
    if (outcome) co_return true;
    const auto& error = outcome.error();
    log::info("a git host was not told of a commit", {{"repository_id", taken->repository_id},
                                                      {"attempt", taken->attempts},
                                                      {"reason", error.message}});
    MW_CO_CHECK(co_await record_failure(pool_, *taken, error.message, pause_after(*taken, error)));
    co_return true;
}

Awaitable<> Reporter::tell(const Taken& taken, Told& told) {
    MW_CO_TRY(auto subject, co_await subject_of(pool_, taken));
    if (auto status = status_of(subject, options_.context, public_url_)) {
        auto now_known = digest(*status);
        if (now_known != taken.sent_status) {
            MW_CO_CHECK(co_await hosts_.set_status(taken.repository_id, std::move(*status)));
            told.status = std::move(now_known);
        }
    }
    // Of an older commit, the comment would hide what is said of the newest.
    if (!taken.is_latest) co_return result<>{};
    MW_CO_CHECK(co_await add_comparisons(taken, subject));
    if (auto comment = comment_of(subject, public_url_)) {
        auto now_known = crypto::sha256_hex(comment->markdown);
        if (now_known != taken.sent_comment) {
            MW_CO_CHECK(co_await hosts_.put_comment(taken.repository_id, std::move(*comment)));
            told.comment = std::move(now_known);
        }
    }
    co_return result<>{};
}

Awaitable<> Reporter::add_comparisons(const Taken& taken, Subject& subject) {
    for (const auto& run : subject.runs) {
        MW_CO_TRY(auto comparison, co_await compare_changes::comparison_of_run(
                                       pool_, objects_, taken.account_id, run.run_id));
        if (comparison) subject.comparisons.emplace(run.run_id, std::move(*comparison));
    }
    co_return result<>{};
}

std::optional<std::chrono::seconds> Reporter::pause_after(const Taken& taken,
                                                          const Error& error) const {
    if (error.retry_after_seconds > 0) return std::chrono::seconds(error.retry_after_seconds);
    if (is_final(error) || taken.attempts >= kAttemptsMax) return std::nullopt;
    auto pause = options_.first_pause;
    for (int i = 1; i < taken.attempts; ++i)
        pause *= 3;
    return pause;
}

}  // namespace mw::commit_reports
