#include "api/form.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <charconv>

namespace mw::api {
namespace {

constexpr std::size_t kPairsMax = 10'000;
constexpr int kLevelsMax = 8;
constexpr std::string_view kBlanks = " \t\r\n";

// What is no escape stands for itself, as browsers and Python read it.
std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        const auto* digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

// Takes `[]` or `[3]` from the end of a key.
bool take_index(std::string_view& key) {
    auto open = key.rfind('[');
    if (!key.ends_with(']') || open == key.npos || open == 0) return false;
    auto index = key.substr(open + 1, key.size() - open - 2);
    if (index.find_first_not_of("0123456789") != index.npos) return false;
    key = key.substr(0, open);
    return true;
}

void add_value(boost::json::value& place, bool is_new, bool indexed, std::string text) {
    if (is_new && !indexed) {
        place = std::move(text);
        return;
    }
    if (is_new) place = boost::json::array{};
    if (!place.is_array()) {
        boost::json::array list;
        list.push_back(std::move(place));
        place = std::move(list);
    }
    place.get_array().push_back(boost::json::value(std::move(text)));
}

result<> add_pair(boost::json::object& fields, std::string_view whole_key, std::string text) {
    auto key = whole_key;
    bool indexed = take_index(key);
    auto* object = &fields;
    for (int level = 1;; ++level) {
        auto dot = key.find('.');
        auto [entry, is_new] = object->emplace(key.substr(0, dot), nullptr);
        auto& place = entry->value();
        if (dot == key.npos) {
            if (place.is_object()) break;
            add_value(place, is_new, indexed, std::move(text));
            return {};
        }
        if (is_new) place = boost::json::object{};
        if (!place.is_object() || level == kLevelsMax) break;
        object = &place.get_object();
        key = key.substr(dot + 1);
    }
    return fail_field(std::string(whole_key), "can't be read beside the form's other fields");
}

}  // namespace

bool is_form(const http::Request& request) {
    constexpr std::string_view kForm = "application/x-www-form-urlencoded";
    auto type = request.header("content-type");
    type = type.substr(0, type.find_first_of("; \t"));
    bool same = std::ranges::equal(type, kForm, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    auto begin = request.body.find_first_not_of(kBlanks);
    return same && begin != std::string::npos && request.body[begin] != '{';
}

result<RequestBody> parse_form(std::string_view text) {
    boost::json::object fields;
    for (std::size_t pairs = 0; !text.empty(); ++pairs) {
        if (pairs == kPairsMax)
            return fail(Errc::invalid_argument,
                        fmt::format("The form has more than {} fields.", kPairsMax));
        auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        auto equals = pair.find('=');
        auto value = equals == pair.npos ? std::string_view{} : pair.substr(equals + 1);
        MW_CHECK(add_pair(fields, decode(pair.substr(0, equals)), decode(value)));
    }
    // JSON's parser knows what is UTF-8.
    if (!parse_json(boost::json::serialize(fields)))
        return fail(Errc::invalid_argument, "The form is not UTF-8.");
    return RequestBody(std::move(fields), true);
}

}  // namespace mw::api
