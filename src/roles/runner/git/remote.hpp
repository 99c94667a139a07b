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
// The same where the way in is told apart from the URL: it counts, for https and http alone. An
// empty password is none.
GitRemote split_remote(std::string_view remote_url, std::string_view username,
                       std::string_view password);

}  // namespace mw::runner
