// The outbox of what hosts are told about commits: one row a commit, however much happens to it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "features/commit_reports/report.hpp"
#include "infra/pg/pool.hpp"

namespace mw::commit_reports {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// Tells whoever reports, by NOTIFY.
inline constexpr const char* kChannel = "commit_reports";

// Something happened to a run of a pull request, if it is one; on the transaction of the change.
// Nothing for a commit that is not known yet, or of a repository whose host cannot be told.
Awaitable<> note_run(pg::Connection& tx, Id run_id);

// Nothing will be run for the commit, for this reason.
Awaitable<> note_refusal(pg::Connection& tx, Id account_id, Id repository_id, std::string sha,
                         std::int64_t pull_request, std::string reason);

struct Taken {
    Id id = 0;
    Id account_id = 0;
    Id repository_id = 0;
    std::string sha;
    std::optional<std::int64_t> pull_request;
    std::optional<std::string> refusal;
    std::optional<std::string> sent_status;
    std::optional<std::string> sent_comment;
    int version = 0;
    int attempts = 0;
    bool is_latest = true;  // of its pull request
};
BOOST_DESCRIBE_STRUCT(Taken, (),
                      (id, account_id, repository_id, sha, pull_request, refusal, sent_status,
                       sent_comment, version, attempts, is_latest))
// One that is due, for two minutes nobody else's.
Awaitable<std::optional<Taken>> take_report(pg::Pool& pool);
Awaitable<Subject> subject_of(pg::Pool& pool, const Taken& taken);

// Digests of what its host was told just now.
struct Told {
    std::optional<std::string> status;
    std::optional<std::string> comment;
};
// `all`: nothing else was to be told, but what has happened meanwhile.
Awaitable<> record_told(pg::Pool& pool, const Taken& taken, const Told& told, bool all);
// `pause`: until the next try; none: there is no other.
Awaitable<> record_failure(pg::Pool& pool, const Taken& taken, std::string reason,
                           std::optional<std::chrono::seconds> pause);
Awaitable<int> delete_old_reports(pg::Pool& pool, std::chrono::days age);

}  // namespace mw::commit_reports
