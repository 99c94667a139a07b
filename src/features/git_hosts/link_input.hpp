// The body of a link. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/json_reader.hpp"
#include "base/secret.hpp"
#include "features/git_hosts/link.hpp"

namespace mw::git_hosts {

struct LinkInput {
    std::optional<std::string> kind;
    std::optional<std::string> api_url;
    std::optional<std::string> username;
    Secret token;
    bool rotate_webhook_secret = false;
};
result<LinkInput> read_link(const RequestBody& body);

// Lays it over `link` (one that is new has no kind), with what the repository's URL says for what
// nobody said. A token that is kept stays with the host that it was given for: another address asks
// for it anew.
result<> apply_input(const LinkInput& input, const std::string& remote_url, Link& link);

}  // namespace mw::git_hosts
