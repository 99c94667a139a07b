// /api/v3/accounts/{account_id}/oauth-configurations/.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::oauth_configurations {

struct OauthConfiguration {
    Id id = 0;
    Id account_id = 0;
    std::string type;  // "entra", "okta"
    std::string name;
    std::string client_id;
    std::optional<pg::Bytes> sealed_client_secret;
    std::string authorize_url;
    std::string token_url;
    std::string redirect_uri;
    boost::json::object extra_data;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(OauthConfiguration, (),
                      (id, account_id, type, name, client_id, sealed_client_secret, authorize_url,
                       token_url, redirect_uri, extra_data, state, created_at, updated_at))

// Under what name the client's secret is sealed.
std::string sealing_context(Id id);

void add_oauth_configuration_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::oauth_configurations
