#include "features/oauth_configurations/oauth_configuration_store.hpp"

namespace mw::oauth_configurations {
namespace {

const pg::Query kSetSecret{"oauth_configurations.set_secret", R"(
UPDATE oauth_configurations SET sealed_client_secret = $2::bytea WHERE id = $1)"};

}  // namespace

boost::asio::awaitable<result<>> set_client_secret(pg::Connection& tx, Id id, pg::Bytes sealed) {
    MW_CO_CHECK(co_await tx.run(kSetSecret, id, sealed));
    co_return result<>{};
}

}  // namespace mw::oauth_configurations
