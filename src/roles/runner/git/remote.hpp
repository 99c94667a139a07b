// A repository's URL taken apart, so that no secret in it reaches an argv or a log. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mw::runner {

struct GitRemote {
    std::string url;                   // without any secret
    std::vector<std::string> secrets;  // what the URL held, in each spelling
    std::string credential;            // one line for git's credential file; empty: none needed
    std::string local_path;            // of a file: URL or a plain path; empty: not local
};

GitRemote split_remote(std::string_view remote_url);

}  // namespace mw::runner
