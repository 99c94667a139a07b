// /operator/v1/…: for the operator's commands, on a socket of their own. README.md has the calls.
#pragma once

#include <string>

#include "base/layout.hpp"
#include "base/offload.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/router.hpp"
#include "infra/pg/pool.hpp"

namespace mw::operator_api {

struct OperatorApiDeps {
    pg::Pool& pool;
    const crypto::Sealer& sealer;
    const Layout& layout;
    BlockingPool& blocking;
    std::string public_url;
};

// Every one of `deps` must outlive the router.
void add_operator_endpoints(http::Router& router, OperatorApiDeps deps);

}  // namespace mw::operator_api
