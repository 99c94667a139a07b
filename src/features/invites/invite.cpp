#include "features/invites/invite.hpp"

#include "base/described_json.hpp"

namespace mw::invites {

boost::json::object invite_json(const Invite& invite) {
    auto json = described_to_json(invite);
    json["type"] = "standard";
    json["account"] = nullptr;
    json["groups"] = boost::json::array{};
    return json;
}

}  // namespace mw::invites
