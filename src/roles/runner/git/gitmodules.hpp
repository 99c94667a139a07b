// Which submodules a repository names, and where they come from. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::runner {

struct Submodule {
    std::string name;
    std::string path;
    std::string url;       // as it is written
    bool skipped = false;  // "update = none"
};

// Of `git config -z --get-regexp ^submodule\.`; one without a path is left out.
std::vector<Submodule> read_gitmodules(std::string_view listed);

// {path, commit} of `git ls-files --stage -z`, submodules alone.
struct Gitlink {
    std::string path;
    std::string sha;
};
std::vector<Gitlink> read_gitlinks(std::string_view listed);

// The address to fetch it from. `parent` is the repository's own, without secrets; empty where that
// has none that others could know. Errors: invalid_argument, with what is wrong ("…which …").
result<std::string> submodule_url(std::string_view parent, std::string_view url);

// Whether a folder of that name may be made in a checkout.
bool is_plain_path(std::string_view path);

}  // namespace mw::runner
