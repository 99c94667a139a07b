// How many requests one caller may make: a bucket of tokens for each, filled steadily. Kept in
// memory, bounded; one io thread. Time is a parameter, for tests.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "api/caller.hpp"

namespace mw::api {

class RateLimit {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    // 0: no limit. A tenth of a minute's requests may come at once.
    explicit RateLimit(int requests_per_minute);

    // Zero when the request may pass, and counts it; else how long to wait, in whole seconds.
    std::chrono::seconds wait(const Caller& caller, Moment now);

  private:
    struct Bucket {
        double tokens = 0;
        Moment at;
    };
    void forget_full(Moment now);
    double refilled(const Bucket& bucket, Moment now) const;

    double per_second_;
    double most_;
    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace mw::api
