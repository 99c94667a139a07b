#include "dbt/adapters/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cstdint>
#include <ranges>
#include <string>

namespace mw::dbt {
namespace {

namespace json = boost::json;

// What the API keeps in a connection or in credentials without it being the warehouse's.
constexpr auto kNotOfAProfile = std::to_array<std::string_view>({
    "account_id",
    "adapter_id",
    "adapter_version",
    "allow_sso",
    "created_at",
    "created_by_id",
    "created_by_service_token_id",
    "dataset",
    "dbt_project_id",
    "default_schema",
    "id",
    "is_ssh_tunnel_enabled",
    "name",
    "oauth_configuration_id",
    "private_link_endpoint_id",
    "project_id",
    "schema",
    "state",
    "target_name",
    "threads",
    "tunnel_enabled",
    "type",
    "updated_at",
});

bool is_jinja(std::string_view text) {
    return text.contains("{{") || text.contains("{%");
}

// Jinja that stands for exactly this text, whatever is in it.
std::string literal(std::string_view text) {
    if (!text.contains('{')) return std::string(text);
    std::string quoted = "{{ \"";
    for (char c : text) {
        if (std::string_view("{}%#\"\\\n\r").contains(c)) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + "\" }}";
}

json::value literal(const json::value& value) {
    if (value.is_string()) return json::value(literal(std::string_view(value.get_string())));
    if (value.is_object()) {
        json::object copy;
        for (const auto& [key, entry] : value.get_object())
            copy[key] = literal(entry);
        return copy;
    }
    return value;
}

bool is_blank(const json::value* value) {
    return !value || value->is_null() || (value->is_string() && value->get_string().empty());
}

// The value of a key such as "keyfile_json.private_key".
const json::value* find_key(const json::object& output, std::string_view key) {
    auto dot = key.find('.');
    const auto* value = output.if_contains(key.substr(0, dot));
    if (dot == std::string_view::npos || !value) return value;
    return value->is_object() ? value->get_object().if_contains(key.substr(dot + 1)) : nullptr;
}

void set_key(json::object& output, std::string_view key, json::value value) {
    auto dot = key.find('.');
    if (dot == std::string_view::npos) {
        output[key] = std::move(value);
        return;
    }
    auto& object = output[key.substr(0, dot)];
    if (!object.is_object()) object = json::object();
    object.get_object()[key.substr(dot + 1)] = std::move(value);
}

void erase_key(json::object& output, std::string_view key) {
    auto dot = key.find('.');
    auto* value = output.if_contains(key.substr(0, dot));
    if (!value) return;
    if (dot == std::string_view::npos) {
        output.erase(key);
    } else if (value->is_object()) {
        value->get_object().erase(key.substr(dot + 1));
        if (value->get_object().empty()) output.erase(key.substr(0, dot));
    }
}

std::unexpected<Error> mistyped(const AdapterField& field, std::string_view what) {
    return fail_field(std::string(field.label()), fmt::format("it must be {}", what));
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

result<json::value> as_integer(const AdapterField& field, const json::value& value) {
    if (value.is_int64() || value.is_uint64()) return value;
    if (value.is_string())  // a form sends a number as text
        if (auto number = number_of<std::int64_t>(std::string_view(value.get_string())))
            return json::value(*number);
    return mistyped(field, "a whole number");
}

result<json::value> as_number(const AdapterField& field, const json::value& value) {
    if (value.is_number()) return value;
    if (value.is_string())
        if (auto number = number_of<double>(std::string_view(value.get_string())))
            return json::value(*number);
    return mistyped(field, "a number");
}

result<json::value> as_boolean(const AdapterField& field, const json::value& value) {
    if (value.is_bool()) return value;
    if (value == "true") return json::value(true);
    if (value == "false") return json::value(false);
    return mistyped(field, "true or false");
}

result<json::value> as_text(const AdapterField& field, const json::value& value) {
    if (value.is_string()) return value;
    if (value.is_int64()) return json::value(fmt::format("{}", value.get_int64()));
    return mistyped(field, "text");
}

// A key file is pasted as the text that it is.
result<json::value> as_object(const AdapterField& field, const json::value& value) {
    if (value.is_object()) return value;
    if (value.is_string()) {
        boost::system::error_code error;
        auto parsed = json::parse(std::string_view(value.get_string()), error);
        if (!error && parsed.is_object()) return parsed;
    }
    return mistyped(field, "an object");
}

result<json::value> typed(const AdapterField& field, const json::value& value) {
    // Jinja makes of it what it should be, or else dbt says so.
    if (!field.secret && value.is_string() && is_jinja(value.get_string())) return value;
    switch (field.type) {
        case FieldType::integer:
            return as_integer(field, value);
        case FieldType::number:
            return as_number(field, value);
        case FieldType::boolean:
            return as_boolean(field, value);
        case FieldType::list:
            if (value.is_array()) return value;
            return mistyped(field, "a list");
        case FieldType::object:
            return as_object(field, value);
        case FieldType::text:
            break;
    }
    return as_text(field, value);
}

// "authenticator" of "authenticator=oauth".
std::string_view set_name(const SignIn& way) {
    return way.sets.substr(0, way.sets.find('='));
}

std::string_view set_value(const SignIn& way) {
    auto at = way.sets.find('=');
    return at == std::string_view::npos ? std::string_view() : way.sets.substr(at + 1);
}

auto words_of(std::string_view list, char separator = ' ') {
    return std::views::split(list, separator) |
           std::views::transform([](auto piece) { return std::string_view(piece); }) |
           std::views::filter([](std::string_view word) { return !word.empty(); });
}

class OutputMaker {
  public:
    OutputMaker(const Adapter& adapter, const OutputParts& parts)
        : adapter_(adapter), parts_(parts) {
        for (const auto& [key, value] : parts.extended_attributes) {
            const auto* field = find_profile_field(adapter, key);
            attributes_[field ? field->key : std::string_view(key)] = value;
        }
    }

    result<json::object> make() {
        output_ = {{"type", adapter_.type}};
        MW_CHECK(take(parts_.connection, Part::connection));
        MW_CHECK(take(parts_.credentials, Part::credentials));
        MW_CHECK(choose_sign_in());
        add_fallbacks();
        output_["schema"] = parts_.schema;
        output_["threads"] = parts_.threads;
        merge(attributes_, output_);
        MW_CHECK(check_required());
        if (adapter_.finish) adapter_.finish(output_);
        return std::move(output_);
    }

  private:
    result<> take(const json::object& from, Part part) {
        for (const auto& [name, value] : from) {
            std::string_view key = name;
            if (is_blank(&value) && (value.is_null() || find_api_field(adapter_, key, part)))
                continue;
            if (is_sign_in_field(key)) {
                if (!value.is_string()) return fail_field(name, "it must be text");
                choice_ = value.get_string();
                continue;
            }
            if (const auto* field = find_api_field(adapter_, key, part)) {
                MW_TRY(auto taken, typed(*field, value));
                set_key(output_, field->key, field->secret ? literal(taken) : taken);
            } else if (std::ranges::find(kNotOfAProfile, key) == kNotOfAProfile.end()) {
                output_[key] = is_secret_field(adapter_.name, key) ? literal(value) : value;
            }
        }
        return {};
    }

    bool is_sign_in_field(std::string_view key) const {
        if (adapter_.sign_ins.empty()) return false;
        return key == adapter_.sign_in_field ||
               std::ranges::any_of(adapter_.sign_ins,
                                   [&](const SignIn& way) { return key == set_name(way); });
    }

    // In what the profile will be.
    bool has(std::string_view key) const {
        return !is_blank(find_key(attributes_, key)) || !is_blank(find_key(output_, key));
    }

    std::string_view missing_of(const SignIn& way) const {
        for (auto need : words_of(way.needs)) {
            auto either = words_of(need, '|');
            if (std::ranges::none_of(either, [&](auto key) { return has(key); }))
                return *either.begin();
        }
        return {};
    }

    // Nobody is signed in as the machine because a password was forgotten.
    bool is_evident(const SignIn& way) const {
        if (way.needs.empty() && !adapter_.sign_in_field.empty()) return false;
        return missing_of(way).empty();
    }

    result<> choose_sign_in() {
        if (adapter_.sign_ins.empty()) return {};
        if (sign_in_is_overridden()) return {};
        if (choice_.empty()) {
            auto complete = std::ranges::find_if(
                adapter_.sign_ins, [&](const SignIn& way) { return is_evident(way); });
            sign_in_ =
                complete == adapter_.sign_ins.end() ? &adapter_.sign_ins.front() : &*complete;
        } else {
            sign_in_ = find_sign_in(choice_);
            if (!sign_in_) return unknown_sign_in();
        }
        leave_out_other_ways();
        if (!sign_in_->sets.empty()) output_[set_name(*sign_in_)] = set_value(*sign_in_);
        return {};
    }

    const SignIn* find_sign_in(std::string_view name) const {
        for (const auto& way : adapter_.sign_ins)
            if (has_word(way.names, name) || set_value(way) == name) return &way;
        return nullptr;
    }

    // Extended attributes that choose another way to sign in, maybe one that no table has.
    bool sign_in_is_overridden() {
        for (const auto& way : adapter_.sign_ins) {
            const auto* value = way.sets.empty() ? nullptr : attributes_.if_contains(set_name(way));
            if (!value) continue;
            if (value->is_string()) sign_in_ = find_sign_in(value->get_string());
            if (sign_in_) leave_out_other_ways();
            return true;
        }
        return false;
    }

    std::unexpected<Error> unknown_sign_in() const {
        std::string names;
        for (const auto& way : adapter_.sign_ins)
            names += (names.empty() ? "" : ", ") + std::string(*words_of(way.names).begin());
        return fail_field(std::string(adapter_.sign_in_field),
                          fmt::format("it must be one of {}", names));
    }

    static bool uses(const SignIn& way, std::string_view key) {
        if (has_word(way.may, key)) return true;
        return std::ranges::any_of(words_of(way.needs),
                                   [&](std::string_view need) { return has_word(need, key, '|'); });
    }

    bool is_of_another_way(std::string_view key) const {
        return sign_in_ && !uses(*sign_in_, key) &&
               std::ranges::any_of(adapter_.sign_ins,
                                   [&](const SignIn& way) { return uses(way, key); });
    }

    void leave_out_other_ways() {
        for (const auto& field : adapter_.fields)
            if (is_of_another_way(field.key)) erase_key(output_, field.key);
    }

    void add_fallbacks() {
        for (const auto& field : adapter_.fields) {
            if (field.fallback.empty() || !is_blank(find_key(output_, field.key))) continue;
            if (is_of_another_way(field.key)) continue;
            // Part of an object that stands as a whole in the extended attributes.
            auto dot = field.key.find('.');
            if (dot != std::string_view::npos && !output_.if_contains(field.key.substr(0, dot)))
                continue;
            if (auto value = typed(field, json::value(field.fallback)))
                set_key(output_, field.key, std::move(*value));
        }
    }

    static void merge(const json::object& from, json::object& into) {
        for (const auto& [key, value] : from) {
            auto* present = into.if_contains(key);
            if (present && present->is_object() && value.is_object()) {
                merge(value.get_object(), present->get_object());
            } else {
                into[key] = value;
            }
        }
    }

    std::unexpected<Error> missing(std::string_view key) const {
        const auto* field = find_profile_field(adapter_, key);
        return fail_field(std::string(field ? field->label() : key),
                          fmt::format("the {} connection needs it", adapter_.name));
    }

    result<> check_required() const {
        for (const auto& field : adapter_.fields)
            if (field.required && is_blank(find_key(output_, field.key))) return missing(field.key);
        if (sign_in_)
            if (auto key = missing_of(*sign_in_); !key.empty()) return missing(key);
        if (is_blank(output_.if_contains("schema"))) return missing("schema");
        return {};
    }

    const Adapter& adapter_;
    const OutputParts& parts_;
    json::object attributes_;
    json::object output_;
    std::string choice_;
    const SignIn* sign_in_ = nullptr;
};

}  // namespace

result<json::object> make_output(const Adapter& adapter, const OutputParts& parts) {
    return OutputMaker(adapter, parts).make();
}

}  // namespace mw::dbt
