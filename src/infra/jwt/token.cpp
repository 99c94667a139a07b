#include "infra/jwt/token.hpp"

#include "base/json_reader.hpp"
#include "infra/jwt/algorithm.hpp"

namespace mw::jwt::detail {
namespace {

std::unexpected<Error> unreadable(const char* why) {
    return fail(Errc::unauthenticated, "The token cannot be read", why);
}

// Here and not by cjose alone, which says of an algorithm that it doesn't know, and of any other
// error, only that an argument is invalid.
result<boost::json::object> read_header(std::string_view text) {
    auto encoded = text.substr(0, text.find('.'));
    uint8_t* bytes = nullptr;
    std::size_t size = 0;
    cjose_err error;
    if (encoded.empty() ||
        !cjose_base64url_decode(encoded.data(), encoded.size(), &bytes, &size, &error))
        return unreadable("the header is not base64url");
    RawJson owner(reinterpret_cast<char*>(bytes));
    auto header = parse_json({owner.get(), size});
    if (!header || !header->is_object()) return unreadable("the header is not a JSON object");
    return std::move(header->get_object());
}

}  // namespace

result<Token> read_token(std::string_view text) {
    if (text.size() > kTokenBytesMax)
        return fail(Errc::unauthenticated, "The token is larger than 32 KiB");
    MW_TRY(auto header, read_header(text));
    const auto* algorithm = header.if_contains("alg");
    if (!algorithm || !algorithm->is_string()) return unreadable("the header has no alg");
    Token token{nullptr, std::string(algorithm->get_string()), std::nullopt};
    if (!find_algorithm(token.algorithm))
        return fail(Errc::unauthenticated,
                    "The token is signed in a way that is not accepted (only RS, PS and ES with "
                    "256, 384 or 512 bits are)");
    // RFC 7515, 4.1.11: who doesn't understand what is critical must refuse.
    if (header.contains("crit"))
        return fail(Errc::unauthenticated, "The token needs an extension that is not known here");
    if (const auto* id = header.if_contains("kid")) {
        if (!id->is_string()) return unreadable("kid is not a text");
        token.key_id = std::string(id->get_string());
    }
    cjose_err error{};
    token.jws.reset(cjose_jws_import(text.data(), text.size(), &error));
    if (!token.jws) return unreadable(error.message ? error.message : "cjose");
    // What is verified is what cjose has read.
    const auto* used = cjose_header_get(cjose_jws_get_protected(token.jws.get()), "alg", &error);
    if (!used || used != token.algorithm) return unreadable("the header has two algorithms");
    return token;
}

}  // namespace mw::jwt::detail
