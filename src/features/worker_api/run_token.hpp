// The token with which a worker comes. Private to this folder.
#pragma once

#include <string>

#include "base/error.hpp"
#include "infra/http/server/message.hpp"

namespace mw::worker_api {

// Its hash, by which it is stored. Errors: unauthenticated when it is none of a worker's.
result<std::string> token_hash_of(const http::Request& request);

}  // namespace mw::worker_api
