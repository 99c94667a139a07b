#include "roles/scheduler/mirror_care.hpp"

#include <set>

#include "base/log.hpp"
#include "features/repositories/repository_store.hpp"
#include "infra/git/mirror_care.hpp"

namespace mw::scheduler {
namespace {

using namespace std::chrono_literals;

// Since a run last used it.
constexpr auto kKeepUnused = std::chrono::days(30);

}  // namespace

MirrorCare::MirrorCare(boost::asio::any_io_executor executor, pg::Pool& pool,
                       std::filesystem::path cache)
    : pool_(pool),
      cache_(std::move(cache)),
      stop_(executor, boost::asio::steady_timer::time_point::max()) {
}

boost::asio::awaitable<result<std::chrono::milliseconds>> MirrorCare::pass() {
    auto mirrored = git::mirrored_repositories(cache_);
    if (mirrored.empty()) co_return 1h;
    MW_CO_TRY(auto existing, co_await repositories::find_existing(pool_, mirrored));
    // Rows that were made since are known by no mirror that this pass looks at.
    std::set<Id> wanted(existing.begin(), existing.end());
    std::set<Id> asked(mirrored.begin(), mirrored.end());
    auto is_wanted = [&](Id id) { return wanted.contains(id) || !asked.contains(id); };
    auto done = co_await git::tend_mirrors(
        cache_, {.unused_most = kKeepUnused, .is_wanted = is_wanted}, stop_);
    if (done.removed > 0)
        log::info("removed what has outlived its time",
                  {{"what", "cached repositories"}, {"count", done.removed}});
    if (done.packed > 0) log::info("cached repositories packed anew", {{"count", done.packed}});
    co_return 1h;
}

void MirrorCare::stop() {
    stop_.cancel();
}

}  // namespace mw::scheduler
