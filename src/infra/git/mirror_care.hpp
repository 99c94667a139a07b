// What mirrors (mirror_folder.hpp) need from time to time, so that they neither stay for ever nor
// grow without end.
//
// A mirror that is in use is left for the next time; one that is in care is not used meanwhile, and
// packing some hundred megabytes takes seconds. Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace mw::git {

// Whose mirrors there are: the number that each one's name begins with.
std::vector<Id> mirrored_repositories(const std::filesystem::path& cache);

struct CareRules {
    std::chrono::hours unused_most = std::chrono::days(30);
    std::function<bool(Id)> is_wanted;
    std::size_t packs_most = 16;
};

struct CareDone {
    int removed = 0;
    int packed = 0;
};

// Removes what is not wanted any more or was not used for too long; packs anew what has come in
// many parts, without what no tip holds any more once that is half of it.
// Cancelling waits on `stop` ends it early, whatever it is at.
boost::asio::awaitable<CareDone> tend_mirrors(std::filesystem::path cache, CareRules rules,
                                              boost::asio::steady_timer& stop);

}  // namespace mw::git
