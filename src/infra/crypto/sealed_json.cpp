#include "infra/crypto/sealed_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::crypto {

std::string seal_json(const Sealer& sealer, const boost::json::object& secrets,
                      std::string_view context) {
    Secret plain(boost::json::serialize(secrets));
    return sealer.seal(plain, context);
}

result<boost::json::object> open_json(const Sealer& sealer, std::string_view sealed,
                                      std::string_view context) {
    MW_TRY(auto plain, sealer.open(sealed, context));
    boost::json::error_code error;
    auto value = boost::json::parse(plain.reveal(), error);
    if (error || !value.is_object())
        return fail(Errc::internal, "Stored credentials are damaged.", std::string(context));
    return std::move(value.get_object());
}

result<std::string> reseal_json(const Sealer& sealer, std::optional<std::string_view> sealed,
                                const boost::json::object& given, std::string_view context) {
    boost::json::object secrets;
    if (sealed) {
        MW_TRY(secrets, open_json(sealer, *sealed, context));
    }
    for (const auto& [name, value] : given)
        secrets[name] = value;
    return seal_json(sealer, secrets, context);
}

}  // namespace mw::crypto
