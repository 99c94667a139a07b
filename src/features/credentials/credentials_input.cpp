#include "features/credentials/credentials_input.hpp"

#include <algorithm>
#include <array>

#include "dbt/adapters/adapter.hpp"

namespace mw::credentials {
namespace {

using Fields = boost::json::object;

constexpr std::array<std::string_view, 5> kTypes{"postgres", "redshift", "snowflake", "bigquery",
                                                 "adapter"};
// What the object has besides the adapter's own fields.
constexpr std::array<std::string_view, 14> kOwn{"id",
                                                "account_id",
                                                "project_id",
                                                "type",
                                                "state",
                                                "threads",
                                                "target_name",
                                                "adapter_version",
                                                "adapter_id",
                                                "created_at",
                                                "updated_at",
                                                "credential_details",
                                                "unencrypted_credential_details",
                                                "credentials"};
constexpr IntLimit kThreads{1, 256};

result<> read_kind(JsonReader& in, bool is_new, Credentials& credentials) {
    auto type = credentials.type;
    auto adapter = credentials.adapter_version;
    in.keep("type", type);
    in.keep("adapter_version", adapter);
    MW_CHECK(in.finish());
    if (!is_new) {
        if (type != credentials.type) return fail_field("type", "can't be changed");
        if (!credentials.adapter_version.empty() && adapter != credentials.adapter_version)
            return fail_field("adapter_version", "can't be changed");
        credentials.adapter_version = adapter;
        return {};
    }
    if (type.empty()) type = "adapter";
    if (std::ranges::find(kTypes, std::string_view(type)) == kTypes.end())
        return fail_field("type", "must be postgres, redshift, snowflake, bigquery or adapter");
    if (!adapter.empty()) MW_CHECK(dbt::find_adapter(adapter, "adapter_version"));
    credentials.type = type;
    credentials.adapter_version = adapter;
    return {};
}

// {"fields": {"token": {"metadata": {"encrypt": true}, "value": "…"}}}, or the values alone.
struct Given {
    Fields values;
    std::vector<std::string> encrypted;
};

Given details_of(const Fields& details) {
    Given given;
    const auto* fields = details.if_contains("fields");
    const auto& source = fields && fields->is_object() ? fields->get_object() : details;
    for (const auto& [name, field] : source) {
        if (name == "field_order" || name == "field_groups") continue;
        const auto* object = field.if_object();
        if (!object || !object->contains("value")) {
            if (!object) given.values[name] = field;
            continue;
        }
        given.values[name] = object->at("value");
        const auto* metadata = object->if_contains("metadata");
        const auto* encrypt = metadata && metadata->is_object()
                                  ? metadata->get_object().if_contains("encrypt")
                                  : nullptr;
        if (encrypt && encrypt->is_bool() && encrypt->get_bool())
            given.encrypted.emplace_back(name);
    }
    return given;
}

result<Given> given_fields(const RequestBody& body, const Credentials& credentials) {
    JsonReader in(body);
    Given given;
    if (credentials.type == "adapter") {
        Fields details;
        in.keep("credential_details", details);
        MW_CHECK(in.finish());
        given = details_of(details);
    } else if (const auto* all = body.value.if_object()) {
        for (const auto& [name, value] : *all)
            if (std::ranges::find(kOwn, std::string_view(name)) == kOwn.end())
                given.values[name] = value;
    }
    return given;
}

// Takes out of the fields what has a column of its own.
result<> take_columns(const RequestBody& body, Fields& values, Credentials& credentials) {
    RequestBody flat{values};
    JsonReader fields(flat);
    for (auto name : {"schema", "default_schema"}) {
        fields.keep(name, credentials.schema, {0, 1024});
        values.erase(name);
    }
    fields.keep("target_name", credentials.target_name, {1, 255});
    fields.keep("threads", credentials.threads, kThreads);
    MW_CHECK(fields.finish());
    values.erase("target_name");
    values.erase("threads");
    JsonReader in(body);
    in.keep("target_name", credentials.target_name, {0, 255});
    in.keep("threads", credentials.threads, kThreads);
    if (credentials.target_name.empty()) credentials.target_name = "default";
    return in.finish();
}

}  // namespace

result<Fields> read_credentials(const RequestBody& body, bool is_new, Credentials& credentials) {
    JsonReader in(body);
    MW_CHECK(read_kind(in, is_new, credentials));
    MW_TRY(auto given, given_fields(body, credentials));
    MW_CHECK(take_columns(body, given.values, credentials));
    Fields secrets;
    for (auto& [name, value] : given.values) {
        bool secret =
            dbt::is_secret_field(credentials.adapter(), name) ||
            std::ranges::find(given.encrypted, std::string(name)) != given.encrypted.end();
        if (value.is_null()) {
            if (!secret) credentials.fields.erase(name);
        } else if (!secret) {
            credentials.fields[name] = std::move(value);
        } else if (!value.is_string() || !value.get_string().empty()) {
            // An empty one was sent back by a client that was not shown it.
            secrets[name] = std::move(value);
        }
    }
    return secrets;
}

}  // namespace mw::credentials
