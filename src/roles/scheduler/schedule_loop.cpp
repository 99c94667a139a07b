#include "roles/scheduler/schedule_loop.hpp"

#include <algorithm>

namespace mw::scheduler {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr auto kReplanEvery = 10min;
constexpr milliseconds kShortest{20};
constexpr milliseconds kAfterFailure{1000};
}  // namespace

milliseconds pause_until(std::optional<Timestamp> due, Timestamp now, milliseconds poll,
                         bool failed) {
    if (failed) return std::min(poll, kAfterFailure);
    if (!due) return poll;
    // Rounded up: a pass a moment too early would find nothing due.
    return std::clamp(std::chrono::ceil<milliseconds>(*due - now), std::min(poll, kShortest), poll);
}

asio::awaitable<result<milliseconds>> ScheduleLoop::pass() {
    auto present = Moment::present();
    if (clock_.stepped(present)) replanned_at_.reset();
    if (!replanned_at_ || present.steady - *replanned_at_ > kReplanEvery) {
        MW_CO_CHECK(co_await firings::replan_schedules(pool_, present.wall));
        replanned_at_ = present.steady;
    }
    MW_CO_CHECK(co_await firings::fire_completions(pool_));
    MW_CO_TRY(auto report, co_await firings::fire_due(pool_, now()));
    co_return pause_until(report.next_due, now(), options_.poll, report.failed > 0);
}

}  // namespace mw::scheduler
