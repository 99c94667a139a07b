// What must be known when a browser comes back from another site (an identity provider, Slack,
// GitHub). It travels in that browser, in a sealed cookie for /complete, so that nobody else can
// end what it began, and nothing of it is kept here.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/message.hpp"

namespace mw::api {

class SealedCookie {
  public:
    // `lax`: the browser comes back by a link. `none`: also by a form of the other site's page.
    enum class SameSite { lax, none };

    // `context`: under what it is sealed, so that it opens as nothing else.
    constexpr SealedCookie(std::string_view name, std::string_view context,
                           std::chrono::seconds life, SameSite same_site)
        : name_(name), context_(context), life_(life), same_site_(same_site) {}

    // The values of a Set-Cookie header: with this content, and to take it away.
    std::string with(boost::json::object content, const crypto::Sealer& sealer, Timestamp at) const;
    std::string without() const;

    // Nothing when there is none that is whole, ours and still good.
    std::optional<boost::json::object> read(const http::Request& request,
                                            const crypto::Sealer& sealer, Timestamp at) const;

  private:
    std::string header(std::string_view value, std::chrono::seconds life) const;

    std::string_view name_;
    std::string_view context_;
    std::chrono::seconds life_;
    SameSite same_site_;
};

}  // namespace mw::api
