// A webhook as it comes in: whether its host sent it, what it says, and whether anybody acts on
// that. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "features/git_hosts/delivery_store.hpp"
#include "infra/http/server/message.hpp"

namespace mw::git_hosts {

// As GitHub has it.
inline constexpr std::size_t kWebhookBytesMax = 25UL * 1024 * 1024;

struct Incoming {
    NewDelivery delivery;  // without its source and repository
    HostEvent event;
    std::string ignored;  // why nobody acts on it; empty: somebody does
};

// Whether the host knows the secret. Nothing of the body is looked into, but that it is signed:
// GitHub and Gitea by HMAC-SHA256, GitLab by a token, Azure DevOps by a password.
bool is_signed(std::string_view kind, const Secret& secret, const http::Request& request);

// Of a request that is signed. Errors: invalid_argument, for whoever set the webhook up.
result<Incoming> read_webhook(std::string kind, const http::Request& request);

}  // namespace mw::git_hosts
