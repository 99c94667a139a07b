#include "api/sealed_cookie.hpp"

#include <fmt/format.h>

#include "infra/crypto/base64.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::api {
namespace {

// Inside, where the browser cannot change it.
constexpr std::string_view kEnd = "cookie_ends_at";

std::int64_t seconds_of(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

std::string SealedCookie::header(std::string_view value, std::chrono::seconds life) const {
    return fmt::format("{}={}; Path=/complete; Max-Age={}; HttpOnly; Secure; SameSite={}", name_,
                       value, life.count(), same_site_ == SameSite::lax ? "Lax" : "None");
}

std::string SealedCookie::with(boost::json::object content, const crypto::Sealer& sealer,
                               Timestamp at) const {
    content[kEnd] = seconds_of(at + life_);
    return header(crypto::base64url_encode(crypto::seal_json(sealer, content, context_)), life_);
}

std::string SealedCookie::without() const {
    return header("", std::chrono::seconds(0));
}

std::optional<boost::json::object> SealedCookie::read(const http::Request& request,
                                                      const crypto::Sealer& sealer,
                                                      Timestamp at) const {
    auto sealed = crypto::base64url_decode(http::cookie_value(request, name_));
    if (!sealed || sealed->empty()) return std::nullopt;
    auto opened = crypto::open_json(sealer, *sealed, context_);
    if (!opened) return std::nullopt;
    const auto* end = opened->if_contains(kEnd);
    if (!end || !end->is_int64() || seconds_of(at) > end->get_int64()) return std::nullopt;
    return std::move(*opened);
}

}  // namespace mw::api
