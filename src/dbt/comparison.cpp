#include "dbt/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "base/json_reader.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

constexpr std::array kStatuses{ChangeStatus::added, ChangeStatus::changed, ChangeStatus::unchanged,
                               ChangeStatus::skipped};
constexpr std::size_t kColumnsMax = 10'000;

void read_rows(JsonReader& in, ComparedRows& rows) {
    constexpr IntLimit kCount{0, INT64_MAX};
    in.optional("added", rows.added, kCount);
    in.optional("removed", rows.removed, kCount);
    in.optional("changed", rows.changed, kCount);
    in.optional("unchanged", rows.unchanged, kCount);
    in.optional("before", rows.before, kCount);
    in.optional("after", rows.after, kCount);
}

void read_columns(JsonReader& in, ComparedColumns& columns) {
    in.keep("added", columns.added, kColumnsMax);
    in.keep("removed", columns.removed, kColumnsMax);
    in.keep("retyped", columns.retyped, kColumnsMax);
    json::object changed;
    in.keep("changed", changed);
    for (const auto& [name, count] : changed)
        if (count.is_int64() && count.get_int64() > 0)
            columns.changed.emplace(name, count.get_int64());
}

result<ComparedModel> read_model(const json::value& value) {
    ComparedModel model;
    JsonReader in(value);
    std::string status;
    in.required("unique_id", model.unique_id);
    in.required("name", model.name);
    in.required("status", status);
    in.keep("primary_key", model.primary_key, kColumnsMax);
    in.object("rows", [&](JsonReader& rows) { read_rows(rows, model.rows); });
    in.object("columns", [&](JsonReader& columns) { read_columns(columns, model.columns); });
    in.keep("message", model.message);
    const auto* known = std::ranges::find(kStatuses, status, status_name);
    if (known == kStatuses.end()) in.error("status", "is none");
    MW_CHECK(in.finish());
    model.status = *known;
    return model;
}

json::value count_json(const std::optional<std::int64_t>& count) {
    return count ? json::value(*count) : json::value(nullptr);
}

json::array names_json(const std::vector<std::string>& names) {
    return json::array(names.begin(), names.end());
}

json::object model_json(const ComparedModel& model) {
    json::object changed;
    for (const auto& [name, count] : model.columns.changed)
        changed[name] = count;
    const auto& rows = model.rows;
    return {{"unique_id", model.unique_id},
            {"name", model.name},
            {"status", std::string(status_name(model.status))},
            {"primary_key", names_json(model.primary_key)},
            {"rows",
             {{"added", count_json(rows.added)},
              {"removed", count_json(rows.removed)},
              {"changed", count_json(rows.changed)},
              {"unchanged", count_json(rows.unchanged)},
              {"before", count_json(rows.before)},
              {"after", count_json(rows.after)}}},
            {"columns",
             {{"added", names_json(model.columns.added)},
              {"removed", names_json(model.columns.removed)},
              {"retyped", names_json(model.columns.retyped)},
              {"changed", std::move(changed)}}},
            {"message", model.message}};
}

std::unexpected<Error> no_comparison(std::string why) {
    return fail(Errc::upstream_failed, "The comparison cannot be read.", std::move(why));
}

}  // namespace

std::string_view status_name(ChangeStatus status) {
    switch (status) {
        case ChangeStatus::added:
            return "new";
        case ChangeStatus::changed:
            return "changed";
        case ChangeStatus::unchanged:
            return "unchanged";
        case ChangeStatus::skipped:
            return "skipped";
    }
    return {};
}

int Comparison::count(ChangeStatus status) const {
    return static_cast<int>(std::ranges::count(models, status, &ComparedModel::status));
}

result<Comparison> read_comparison(std::string_view text) {
    auto value = parse_json(text);
    if (!value) return no_comparison(value.error().message);
    const auto* root = value->if_object();
    const auto* models = root ? root->if_contains("models") : nullptr;
    if (!models || !models->is_array()) return no_comparison("it has no models");
    Comparison comparison;
    for (const auto& each : models->get_array()) {
        auto model = read_model(each);
        if (!model) return no_comparison(model.error().message);
        comparison.models.push_back(std::move(*model));
    }
    return comparison;
}

json::object to_json(const Comparison& comparison) {
    json::array models;
    for (const auto& model : comparison.models)
        models.push_back(model_json(model));
    return {{"models", std::move(models)}};
}

std::string summary_of(const Comparison& comparison) {
    std::vector<std::string> parts;
    for (auto status : kStatuses)
        if (int count = comparison.count(status); count > 0)
            parts.push_back(fmt::format("{} {}", count, status_name(status)));
    auto models = comparison.models.size();
    auto words = fmt::format("{} {}", models, models == 1 ? "model" : "models");
    return parts.empty() ? words : fmt::format("{}: {}", words, fmt::join(parts, ", "));
}

}  // namespace mw::dbt
