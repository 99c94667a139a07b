#include "dbt/adapters/adapter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

constexpr auto kAdapters = std::to_array<const Adapter*>(
    {&kApacheSpark, &kAthena, &kBigquery, &kClickhouse, &kDatabricks, &kDatabricksSpark, &kDuckdb,
     &kFabric, &kPostgres, &kRedshift, &kSnowflake, &kSynapse, &kTeradata, &kTrino});

// "snowflake" of "snowflake_v0".
std::string_view without_version(std::string_view name) {
    auto at = name.rfind("_v");
    if (at == std::string_view::npos || at + 2 == name.size()) return name;
    bool digits = name.find_first_not_of("0123456789", at + 2) == std::string_view::npos;
    return digits ? name.substr(0, at) : name;
}

std::string_view last_part(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

const Adapter* lookup(std::string_view name) {
    name = without_version(name);
    if (name == "starburst") name = "trino";
    for (const auto* adapter : kAdapters)
        if (adapter->name == name) return adapter;
    for (const auto* adapter : kAdapters)
        if (adapter->type == name) return adapter;
    return nullptr;
}

}  // namespace

bool has_word(std::string_view list, std::string_view word, char separator) {
    if (word.empty()) return false;
    return std::ranges::any_of(std::views::split(list, separator), [&](auto piece) {
        return std::string_view(piece.begin(), piece.end()) == word;
    });
}

std::string_view AdapterField::label() const {
    return names.empty() ? last_part(key) : names.substr(0, names.find(' '));
}

std::span<const Adapter* const> adapters() {
    return kAdapters;
}

result<const Adapter*> find_adapter(std::string_view name, std::string_view field) {
    if (const auto* adapter = lookup(name)) return adapter;
    if (without_version(name) == "salesforce")
        return fail_field(std::string(field), "there is no dbt Core adapter for Salesforce");
    return fail_field(
        std::string(field),
        fmt::format("`{}` is not one of {}", name,
                    fmt::join(kAdapters | std::views::transform(&Adapter::name), ", ")));
}

std::string with_version(std::string_view name) {
    bool versioned = without_version(name).size() < name.size();
    return versioned ? std::string(name) : std::string(name) + "_v0";
}

const AdapterField* find_api_field(const Adapter& adapter, std::string_view name, Part part) {
    auto here = [&](const AdapterField& field) {
        return part == Part::both || field.part == Part::both || field.part == part;
    };
    for (const auto& field : adapter.fields)
        if (here(field) && has_word(field.names, name)) return &field;
    for (const auto& field : adapter.fields)
        if (here(field) && field.key == name) return &field;
    return nullptr;
}

const AdapterField* find_profile_field(const Adapter& adapter, std::string_view name) {
    for (const auto& field : adapter.fields)
        if (field.key == name) return &field;
    for (const auto& field : adapter.fields)
        if (!field.key.contains('.') && has_word(field.names, name)) return &field;
    return nullptr;
}

bool is_secret_field(std::string_view adapter_name, std::string_view name) {
    if (const auto* adapter = lookup(adapter_name))
        if (const auto* field = find_api_field(*adapter, name, Part::both)) return field->secret;
    constexpr auto kSecretWords = std::to_array<std::string_view>(
        {"password", "passphrase", "private_key", "secret", "token", "api_key", "keyfile_json"});
    return name == "pass" || name == "PWD" ||
           std::ranges::any_of(kSecretWords,
                               [&](std::string_view word) { return name.contains(word); });
}

}  // namespace mw::dbt
