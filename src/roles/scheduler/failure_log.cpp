#include "roles/scheduler/failure_log.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace mw::scheduler {

void FailureLog::failed(const std::string& loop, const Error& error) {
    bool outage = error.code == Errc::unavailable || error.code == Errc::timeout;
    auto what = outage ? std::string() : error.message + " " + error.detail;
    auto& last = failing_[loop];
    if (!outage && last.what != what)
        log::error("a loop failed and tries again",
                   {{"loop", loop}, {"error", error.message}, {"detail", error.detail}});
    last = {outage, std::move(what)};
    note_outage(error);
}

void FailureLog::succeeded(const std::string& loop) {
    auto failing = failing_.extract(loop);
    if (failing.empty()) return;
    if (!failing.mapped().outage) log::info("a loop works again", {{"loop", loop}});
    note_outage({});
}

void FailureLog::note_outage(const Error& error) {
    bool before = outage_;
    outage_ = std::ranges::any_of(failing_, [](const auto& entry) { return entry.second.outage; });
    if (outage_ && !before)
        log::warn("the database or the object store is away; trying until it is back",
                  {{"error", error.message}, {"detail", error.detail}});
    if (!outage_ && before) log::info("the database and the object store are back");
}

}  // namespace mw::scheduler
