#include "api/rate_limit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mw::api {
namespace {

constexpr std::size_t kMostBuckets = 10'000;

// A person's browser tabs count together, each token by itself.
std::string name_of(const Caller& caller) {
    if (caller.token_id) return fmt::format("t{}", *caller.token_id);
    return fmt::format("u{}", caller.user_id.value_or(0));
}

}  // namespace

RateLimit::RateLimit(int requests_per_minute)
    : per_second_(requests_per_minute / 60.0), most_(std::max(requests_per_minute / 10.0, 1.0)) {
}

double RateLimit::refilled(const Bucket& bucket, Moment now) const {
    auto seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(most_, bucket.tokens + seconds * per_second_);
}

std::chrono::seconds RateLimit::wait(const Caller& caller, Moment now) {
    if (per_second_ <= 0) return std::chrono::seconds(0);
    if (buckets_.size() >= kMostBuckets) forget_full(now);
    auto [place, is_new] = buckets_.try_emplace(name_of(caller), Bucket{most_, now});
    auto& bucket = place->second;
    bucket.tokens = refilled(bucket, now);
    bucket.at = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::chrono::seconds(0);
    }
    auto missing = (1 - bucket.tokens) / per_second_;
    return std::chrono::seconds(static_cast<int>(std::ceil(std::max(missing, 0.001))));
}

// A full bucket is as good as none.
void RateLimit::forget_full(Moment now) {
    std::erase_if(buckets_, [&](const auto& each) { return refilled(each.second, now) >= most_; });
}

}  // namespace mw::api
