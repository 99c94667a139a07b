// Tells hosts what became of commits, for as long as it runs. Any number of processes may.
//
// Thread: one io thread.
#pragma once

#include "features/commit_reports/report_store.hpp"
#include "features/git_hosts/git_hosts.hpp"
#include "infra/pg/outbox_loop.hpp"
#include "infra/store/object_store.hpp"

namespace mw::commit_reports {

struct ReporterOptions {
    std::string context;                   // name of the status
    std::chrono::seconds first_pause{10};  // after a failed try; each further one is thrice as long
};

class Reporter {
  public:
    Reporter(boost::asio::any_io_executor executor, pg::Pool& pool, git_hosts::GitHosts& hosts,
             store::ObjectStore& objects, std::string public_url, ReporterOptions options);

    // Until it is cancelled. What is being told then may be told again by another.
    boost::asio::awaitable<void> run();

    // One that is due, now. False when there is none.
    Awaitable<bool> deliver_next();

  private:
    Awaitable<> add_comparisons(const Taken& taken, Subject& subject);
    // What of it the host did not know.
    Awaitable<> tell(const Taken& taken, Told& told);
    std::optional<std::chrono::seconds> pause_after(const Taken& taken, const Error& error) const;

    pg::Pool& pool_;
    git_hosts::GitHosts& hosts_;
    store::ObjectStore& objects_;
    std::string public_url_;
    ReporterOptions options_;
    pg::OutboxLoop loop_;
};

}  // namespace mw::commit_reports
