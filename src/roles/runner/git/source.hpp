// What is to be checked out, and what was.
#pragma once

#include <string>

namespace mw::runner {

struct Source {
    std::string url;          // without any secret
    std::string branch = {};  // empty: what the remote's HEAD names
    std::string sha = {};     // empty: the tip of the branch
    std::string folder;       // in the workspace
    std::string mirror = {};  // its copy's name in the cache; empty: it has none
};

struct Found {
    std::string sha;
    std::string branch;       // empty when the remote names none
    bool from_cache = false;  // the remote is away, and this is what was fetched last
};

}  // namespace mw::runner
