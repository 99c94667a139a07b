// Copies a folder of which a project may have made what it liked: plain files and folders, and
// nothing else. No link is followed, neither on the way nor in it, also if it is put there
// meanwhile.
//
// Blocking. Errors: invalid_argument for a link or another special file, and for what is beyond a
// limit; else as files.hpp. What was copied by then stays.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.hpp"

namespace mw::runner {

struct TreeFacts {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const TreeFacts&, const TreeFacts&) = default;
};

struct TreeLimits {
    std::uint64_t files = 20'000;
    std::uint64_t bytes = 256ULL * 1024 * 1024;
    int depth = 32;
};

// A folder below one that is trusted to be what it is.
struct TreePlace {
    std::filesystem::path root;
    std::filesystem::path relative;
};

// `to` is made, with the folders on the way; what lies there already is an error.
result<TreeFacts> copy_tree(const TreePlace& from, const TreePlace& to, TreeLimits limits = {});

}  // namespace mw::runner
