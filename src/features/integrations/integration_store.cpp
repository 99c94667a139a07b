#include "features/integrations/integration_store.hpp"

namespace mw::integrations {
namespace {

const pg::Query kSetSecrets{"integrations.set_secrets", R"(
UPDATE integrations SET sealed_config = $2::bytea WHERE id = $1)"};

}  // namespace

boost::asio::awaitable<result<>> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed) {
    MW_CO_CHECK(co_await tx.run(kSetSecrets, id, sealed));
    co_return result<>{};
}

}  // namespace mw::integrations
