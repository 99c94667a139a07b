#include "infra/jwt/key_set.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "base/json_reader.hpp"
#include "base/json_text.hpp"
#include "infra/jwt/key.hpp"
#include "infra/jwt/token.hpp"

namespace mw::jwt {
namespace {

using detail::Key;

constexpr std::size_t kDocumentBytesMax = 1024UL * 1024;
constexpr std::size_t kRsaBitsMin = 2048;  // RFC 7518, 3.3

std::optional<std::string> optional_text(const boost::json::object& object, std::string_view name) {
    auto text = text_of(object, name);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

bool is_for_signatures(const boost::json::object& key) {
    auto use = optional_text(key, "use");
    if (use && *use != "sig") return false;
    const auto* operations = key.if_contains("key_ops");
    if (!operations) return true;
    const auto* list = operations->if_array();
    return list && std::ranges::any_of(*list, [](const boost::json::value& operation) {
               return operation.is_string() && operation.get_string() == "verify";
           });
}

std::optional<Key> read_key(const boost::json::value& value) {
    const auto* object = value.if_object();
    if (!object || !is_for_signatures(*object)) return std::nullopt;
    auto type = text_of(*object, "kty");
    if (type != "RSA" && type != "EC") return std::nullopt;
    auto algorithm = optional_text(*object, "alg");
    if (algorithm && !detail::find_algorithm(*algorithm)) return std::nullopt;
    auto json = boost::json::serialize(*object);
    cjose_err error;
    detail::Jwk jwk(cjose_jwk_import(json.data(), json.size(), &error));
    if (!jwk) return std::nullopt;
    if (type == "RSA" && cjose_jwk_get_keysize(jwk.get(), &error) < kRsaBitsMin)
        return std::nullopt;
    return Key{optional_text(*object, "kid"), std::move(algorithm), std::move(jwk)};
}

}  // namespace

result<KeySet> KeySet::parse(std::string_view jwks_json) {
    if (jwks_json.size() > kDocumentBytesMax)
        return fail(Errc::upstream_failed, "The issuer's list of keys is larger than 1 MiB");
    auto document = parse_json(jwks_json);
    const auto* object = document ? document->if_object() : nullptr;
    const auto* member = object ? object->if_contains("keys") : nullptr;
    const auto* list = member ? member->if_array() : nullptr;
    if (!list)
        return fail(Errc::upstream_failed, "The issuer's list of keys is not a JWKS document");
    auto keys = std::make_shared<std::vector<Key>>();
    for (const auto& value : *list)
        if (auto key = read_key(value)) keys->push_back(std::move(*key));
    if (keys->empty())
        return fail(Errc::upstream_failed,
                    fmt::format("None of the {} keys in the issuer's list can be used to verify "
                                "signatures (RSA of 2048 bits or more, or EC)",
                                list->size()));
    return KeySet(std::move(keys));
}

std::size_t KeySet::size() const {
    return keys_->size();
}

bool KeySet::lacks_key_of(std::string_view token) const {
    auto read = detail::read_token(token);
    if (!read || !read->key_id) return false;
    return std::ranges::none_of(*keys_, [&](const Key& key) { return key.id == read->key_id; });
}

}  // namespace mw::jwt
