// Links in the database.
#pragma once

#include "features/git_hosts/awaitable.hpp"
#include "features/git_hosts/link.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// A repository of the project, with its link if it has one.
struct LinkPlace {
    Id id = 0;
    std::string remote_url;
    bool is_managed = false;  // kept here: it has no host
};
BOOST_DESCRIBE_STRUCT(LinkPlace, (), (id, remote_url, is_managed))
Awaitable<std::optional<LinkPlace>> find_place(pg::Connection& connection, Id account_id,
                                               Id project_id, Id repository_id);
Awaitable<std::optional<Link>> find_link(pg::Connection& connection, Id account_id,
                                         Id repository_id);
// When the link's webhook was last heard.
Awaitable<std::optional<Timestamp>> last_delivery(pg::Connection& connection, Id repository_id);

// Makes it, or writes all of it anew: what the host refused before counts no more.
Awaitable<> put_link(pg::Connection& tx, const Link& link);
// False: there is none.
Awaitable<bool> delete_link(pg::Connection& tx, Id account_id, Id repository_id);

// What is asked of a webhook that arrives. Nothing when the account has switched links off.
struct WebhookLink {
    std::string kind;
    std::string remote_url;
    pg::Bytes sealed_webhook_secret;
};
BOOST_DESCRIBE_STRUCT(WebhookLink, (), (kind, remote_url, sealed_webhook_secret))
Awaitable<std::optional<WebhookLink>> find_webhook_link(pg::Connection& connection,
                                                        Id repository_id);

// The host refused the token. The account, when that is news.
Awaitable<std::optional<Id>> set_link_broken(pg::Connection& tx, Id repository_id,
                                             std::string reason);
// The next answer of the host says anew whether it is.
Awaitable<> forget_link_broken(pg::Connection& connection, Id repository_id);
// It works, now: written down once a minute. A refusal is not forgotten for ten minutes: a token
// may be refused one thing and granted another.
Awaitable<> set_link_used(pg::Connection& connection, Id repository_id);

}  // namespace mw::git_hosts
