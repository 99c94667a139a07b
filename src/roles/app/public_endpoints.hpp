// Every endpoint that clients and the web application call: one line for each feature.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/chat/messenger.hpp"
#include "features/git_hosts/live_git_hosts.hpp"
#include "features/live/live_hub.hpp"
#include "features/mail/mailer.hpp"
#include "features/run_log/log_reader.hpp"
#include "features/runs/run_views.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::app {

// What they work with; all of it outlives the endpoints.
struct EndpointParts {
    pg::Pool& pool;
    store::ObjectStore& objects;
    const crypto::Sealer& sealer;
    run_log::LogReader& logs;
    runs::RunViews& views;
    live::LiveHub& hub;
    BlockingPool& blocking;
    std::filesystem::path repositories;  // folder of those that are kept here
    std::string public_url;
    mail::Mailer& mailer;
    chat::Messenger& messenger;
    git_hosts::LiveGitHosts& git_hosts;
    http::AddressRules webhook_addresses = {};
    http::AddressRules sign_on_networks = {};
    boost::asio::any_io_executor executor;
};

void add_public_endpoints(api::Api& api, EndpointParts parts);

}  // namespace mw::app
