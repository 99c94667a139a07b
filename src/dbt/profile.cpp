#include "dbt/profile.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>
#include <cstdint>
#include <utility>

namespace mw::dbt {
namespace {

namespace json = boost::json;

// dbt Cloud's names of fields and dbt's own.
constexpr auto kPostgresNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"hostname", "host"},
    {"username", "user"},
    {"database", "dbname"},
    {"pass", "password"},
});

// What the API keeps in a connection or in credentials without it being the warehouse's.
constexpr auto kNotOfAProfile = std::to_array<std::string_view>({
    "account_id",
    "adapter_version",
    "created_at",
    "created_by_id",
    "created_by_service_token_id",
    "dbt_project_id",
    "default_schema",
    "id",
    "name",
    "project_id",
    "schema",
    "state",
    "target_name",
    "threads",
    "tunnel_enabled",
    "type",
    "updated_at",
});

constexpr int kDuckdbConnectAttempts = 6;  // dbt-duckdb waits 1, 2, 4, … s: about a minute

std::unexpected<Error> missing(std::string_view field, std::string_view adapter) {
    return fail_field(std::string(field), fmt::format("the {} connection needs it", adapter));
}

std::string_view profile_name_of(std::string_view adapter, std::string_view field) {
    if (adapter == "postgres") {
        for (auto [cloud, dbt] : kPostgresNames)
            if (field == cloud) return dbt;
    }
    return field;
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

void take(const json::object& from, std::string_view adapter, json::object& output) {
    for (const auto& [key, value] : from) {
        std::string_view name = key;
        if (value.is_null() || std::ranges::find(kNotOfAProfile, name) != kNotOfAProfile.end())
            continue;
        if (is_secret_field(name) && value.is_string()) {
            output[profile_name_of(adapter, name)] = literal(value.get_string());
        } else {
            output[profile_name_of(adapter, name)] = value;
        }
    }
}

void merge(const json::object& from, json::object& into) {
    for (const auto& [key, value] : from) {
        auto* present = into.if_contains(key);
        if (present && present->is_object() && value.is_object()) {
            merge(value.get_object(), present->get_object());
        } else {
            into[key] = value;
        }
    }
}

bool is_blank(const json::object& object, std::string_view field) {
    const auto* value = object.if_contains(field);
    return !value || value->is_null() || (value->is_string() && value->get_string().empty());
}

result<> complete_postgres(json::object& output) {
    // A form sends the port as text; dbt wants a number, or Jinja that makes one.
    if (auto* port = output.if_contains("port"); port && port->is_string()) {
        std::string_view text = port->get_string();
        int number = 0;
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) *port = number;
    }
    if (is_blank(output, "port")) output["port"] = 5432;
    for (std::string_view field : {"host", "dbname", "user", "password"})
        if (is_blank(output, field)) return missing(field, "postgres");
    return {};
}

result<> complete_duckdb(json::object& output) {
    if (is_blank(output, "path")) return missing("path", "duckdb");
    if (is_blank(output, "retries"))
        output["retries"] = json::object{{"connect_attempts", kDuckdbConnectAttempts},
                                         {"retryable_exceptions", json::array{"IOException"}}};
    return {};
}

class YamlWriter {
  public:
    std::string document(const json::object& root) {
        // Else yaml-cpp writes DEL as it is, which dbt's reader refuses.
        out_.SetOutputCharset(YAML::EscapeNonAscii);
        emit(root);
        return std::string(out_.c_str(), out_.size()) + "\n";
    }

  private:
    // Every text in double quotes: no value can turn into another type, or into markup.
    void emit_text(std::string_view text) { out_ << YAML::DoubleQuoted << std::string(text); }

    void emit_number(const json::value& value) {
        if (value.is_int64()) {
            out_ << value.get_int64();
        } else if (value.is_uint64()) {
            out_ << value.get_uint64();
        } else {
            // YAML 1.1 reads 1e+30 as text; a fraction makes it a number.
            std::string text = fmt::format("{}", value.get_double());
            if (auto e = text.find('e'); e != std::string::npos && !text.contains('.'))
                text.insert(e, ".0");
            out_ << text;
        }
    }

    void emit(const json::object& object) {
        out_ << YAML::BeginMap;
        for (const auto& [key, value] : object) {
            out_ << YAML::Key;
            emit_text(key);
            out_ << YAML::Value;
            emit(value);
        }
        out_ << YAML::EndMap;
    }

    void emit(const json::array& array) {
        out_ << YAML::BeginSeq;
        for (const auto& value : array)
            emit(value);
        out_ << YAML::EndSeq;
    }

    void emit(const json::value& value) {
        switch (value.kind()) {
            case json::kind::null:
                out_ << YAML::Null;
                break;
            case json::kind::bool_:
                out_ << value.get_bool();
                break;
            case json::kind::string:
                emit_text(value.get_string());
                break;
            case json::kind::object:
                emit(value.get_object());
                break;
            case json::kind::array:
                emit(value.get_array());
                break;
            case json::kind::int64:
            case json::kind::uint64:
            case json::kind::double_:
                emit_number(value);
                break;
        }
    }

    YAML::Emitter out_;
};

result<json::object> render_output(const Profile& profile) {
    json::object output{{"type", profile.adapter}};
    take(profile.connection, profile.adapter, output);
    take(profile.credentials, profile.adapter, output);
    output["schema"] = profile.schema;
    output["threads"] = profile.threads;
    json::object attributes;
    for (const auto& [key, value] : profile.extended_attributes)
        attributes[profile_name_of(profile.adapter, key)] = value;
    merge(attributes, output);
    if (is_blank(output, "schema")) return missing("schema", profile.adapter);
    if (profile.adapter == "postgres") {
        MW_CHECK(complete_postgres(output));
    } else if (profile.adapter == "duckdb") {
        MW_CHECK(complete_duckdb(output));
    }
    return output;
}

}  // namespace

bool is_secret_field(std::string_view name) {
    constexpr auto kSecretWords = std::to_array<std::string_view>(
        {"password", "passphrase", "private_key", "secret", "token", "api_key"});
    return name == "pass" || std::ranges::any_of(kSecretWords, [&](std::string_view word) {
               return name.contains(word);
           });
}

result<std::string> render_profiles_yml(const Profile& profile) {
    if (profile.name.empty()) return fail_field("profile", "the project names no profile");
    if (profile.target_name.empty()) return fail_field("target_name", "it must not be empty");
    if (profile.threads < 1) return fail_field("threads", "it must be at least 1");
    if (profile.adapter != "duckdb" && profile.adapter != "postgres")
        return fail_field("adapter",
                          fmt::format("`{}` is not one of duckdb, postgres", profile.adapter));
    MW_TRY(auto output, render_output(profile));
    json::object outputs;
    outputs[profile.target_name] = std::move(output);
    json::object root;
    root[profile.name] =
        json::object{{"target", profile.target_name}, {"outputs", std::move(outputs)}};
    return YamlWriter().document(root);
}

}  // namespace mw::dbt
