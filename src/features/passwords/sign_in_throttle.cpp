#include "features/passwords/sign_in_throttle.hpp"

#include <algorithm>

namespace mw::passwords {
namespace {

using namespace std::chrono_literals;

constexpr int kFreeTries = 5;
constexpr auto kForgetAfter = 15min;
constexpr std::size_t kRecordsMax = 100'000;

}  // namespace

std::chrono::seconds SignInThrottle::wait(std::string_view key, Moment now) const {
    auto found = records_.find(key);
    if (found == records_.end() || found->second.free_at <= now) return 0s;
    return std::chrono::ceil<std::chrono::seconds>(found->second.free_at - now);
}

void SignInThrottle::failed(std::string_view key, Moment now) {
    if (records_.size() >= kRecordsMax) forget_old(now);
    auto& record = records_[std::string(key)];
    if (now - record.last > kForgetAfter) record.failures = 0;
    record.last = now;
    ++record.failures;
    if (record.failures <= kFreeTries) return;
    // 2, 4, 8 … 256 s
    auto doublings = std::min(record.failures - kFreeTries, 8);
    record.free_at = now + std::chrono::seconds(1 << doublings);
}

void SignInThrottle::succeeded(std::string_view key) {
    if (auto found = records_.find(key); found != records_.end()) records_.erase(found);
}

void SignInThrottle::forget_old(Moment now) {
    std::erase_if(records_,
                  [&](const auto& entry) { return now - entry.second.last > kForgetAfter; });
    // Still full: someone floods us with names; the oldest knowledge is the least useful.
    if (records_.size() >= kRecordsMax) records_.clear();
}

}  // namespace mw::passwords
