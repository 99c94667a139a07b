#include "features/auth/session.hpp"

#include <fmt/format.h>

#include "features/audit/audit_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::auth {

std::string session_cookie(std::string_view value, std::chrono::seconds life) {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Lax",
                       api::kSessionCookie, value, life.count());
}

asio::awaitable<result<std::string>> begin_session(pg::Connection& tx, const api::Caller& caller,
                                                   std::string means) {
    auto token = crypto::random_token("mwb_");
    auto user_id = *caller.user_id;
    MW_CO_CHECK(co_await insert_session(tx, crypto::hash_token(token), user_id, caller.account_id,
                                        now() + kSessionLife));
    MW_CO_CHECK(co_await note_sign_in(tx, user_id, now()));
    MW_CO_CHECK(co_await audit::record(tx, caller,
                                       {"session.started", "user", user_id, {{"means", means}}}));
    co_return session_cookie(token, kSessionLife);
}

}  // namespace mw::auth
