#include "features/worker_api/run_token.hpp"

#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::worker_api {
namespace {

constexpr std::size_t kTokenBytesMax = 256;

}  // namespace

result<std::string> token_hash_of(const http::Request& request) {
    constexpr std::string_view kScheme = "Bearer ";
    auto header = request.header("authorization");
    if (!header.starts_with(kScheme))
        return fail(Errc::unauthenticated, "A run's token is needed.");
    auto token = header.substr(kScheme.size());
    if (!token.starts_with(crypto::kRunTokenPrefix) || token.size() > kTokenBytesMax)
        return fail(Errc::unauthenticated, "This is not a run's token.");
    return crypto::hash_token(token);
}

}  // namespace mw::worker_api
