#include "features/auth/token_authenticator.hpp"

#include <boost/asio/ip/address.hpp>

#include "features/auth/auth_store.hpp"
#include "features/auth/session.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::auth {
namespace {

constexpr std::size_t kTokenBytesMax = 512;

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

// What PostgreSQL reads as one; a socket of this machine has none.
std::optional<std::string> address_of(const http::Request& request) {
    boost::system::error_code error;
    (void)boost::asio::ip::make_address(request.client_address, error);
    return error ? std::nullopt : std::optional(request.client_address);
}

std::unexpected<Error> not_from_here() {
    return fail(
        Errc::forbidden,
        "This account can't be used from your address. Its IP restrictions say from where.");
}

// A service token has no seat, so that nothing limits what it was given.
template <class Owner>
api::Grants grants_of(const Owner& owner) {
    auto license = owner.license_type.empty() ? api::License::developer
                                              : api::parse_license(owner.license_type);
    return license ? api::Grants::from_json(owner.grants, *license) : api::Grants{};
}

std::unexpected<Error> unauthenticated(std::string message) {
    return fail(Errc::unauthenticated, std::move(message));
}

}  // namespace

std::string_view authorization_token(const http::Request& request) {
    auto header = request.header("authorization");
    auto space = header.find(' ');
    if (space == header.npos) return {};
    auto scheme = header.substr(0, space);
    if (!equal_ignoring_case(scheme, "token") && !equal_ignoring_case(scheme, "bearer")) return {};
    auto token = header.substr(space + 1);
    while (token.starts_with(' '))
        token.remove_prefix(1);
    return token;
}

TokenAuthenticator::TokenAuthenticator(pg::Pool& pool)
    : pool_(pool),
      listener_(
          pool, {"rights_changed"}, [this](const pg::Notification&) { known_.forget_all(); },
          [this] { known_.listen(true); }, [this] { known_.listen(false); }) {
}

boost::asio::awaitable<result<std::optional<TokenOwner>>> TokenAuthenticator::owner_of(
    std::string_view token, const std::optional<std::string>& address) {
    auto hash = crypto::hash_token(token);
    // Whether it is admitted depends on where it asks from.
    auto key = hash + " " + address.value_or("");
    if (const auto* known = known_.find(key, std::chrono::steady_clock::now())) co_return *known;
    auto count = known_.count();
    MW_CO_TRY(auto owner, co_await find_token(pool_, std::move(hash), address));
    if (owner) known_.keep(std::move(key), *owner, count, std::chrono::steady_clock::now());
    co_return owner;
}

boost::asio::awaitable<result<api::Caller>> TokenAuthenticator::authenticate(
    const http::Request& request) {
    api::Caller caller;
    caller.address = request.client_address;
    auto address = address_of(request);
    if (!request.header("authorization").empty()) {
        auto token = authorization_token(request);
        if (token.empty() || token.size() > kTokenBytesMax)
            co_return unauthenticated(
                "Authorization must be \"Token <token>\" or \"Bearer <token>\".");
        MW_CO_TRY(auto owner, co_await owner_of(token, address));
        if (!owner) co_return unauthenticated("Invalid token.");
        if (!owner->admitted) co_return not_from_here();
        caller.kind =
            owner->user_id ? api::Caller::Kind::user_token : api::Caller::Kind::service_token;
        caller.account_id = owner->account_id;
        caller.user_id = owner->user_id;
        caller.token_id = owner->token_id;
        caller.name = owner->name;
        caller.grants = grants_of(*owner);
        co_return caller;
    }
    auto cookie = http::cookie_value(request, api::kSessionCookie);
    if (cookie.empty() || cookie.size() > kTokenBytesMax)
        co_return unauthenticated("Authentication credentials were not provided.");
    MW_CO_TRY(auto owner, co_await touch_session(pool_, crypto::hash_token(cookie),
                                                 now() + kSessionLife, address));
    if (!owner) co_return unauthenticated("The session has ended. Sign in again.");
    if (!owner->admitted) co_return not_from_here();
    caller.kind = api::Caller::Kind::session;
    caller.account_id = owner->account_id;
    caller.user_id = owner->user_id;
    caller.name = owner->name;
    caller.grants = grants_of(*owner);
    co_return caller;
}

}  // namespace mw::auth
