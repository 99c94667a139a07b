#include "roles/runner/compare/comparison_result.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/parse.hpp>

#include "base/json_text.hpp"
#include "roles/runner/compare/comparison_project.hpp"

namespace mw::runner {
namespace {

namespace json = boost::json;

std::optional<std::int64_t> count_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_number()) return std::nullopt;
    json::error_code error;
    auto number = value->to_number<std::int64_t>(error);
    if (error || number < 0) return std::nullopt;
    return number;
}

const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object kNone;
    const auto* value = object.if_contains(name);
    const auto* nested = value ? value->if_object() : nullptr;
    return nested ? *nested : kNone;
}

std::vector<std::string> names_in(const json::object& object, std::string_view name) {
    std::vector<std::string> names;
    const auto* value = object.if_contains(name);
    if (!value || !value->is_array()) return names;
    for (const auto& each : value->get_array())
        if (const auto* text = each.if_string()) names.emplace_back(*text);
    return names;
}

// Rows that share a key meet more than once, and then the counts do not add up.
bool adds_up(const dbt::ComparedRows& rows) {
    return rows.added && rows.removed && rows.changed && rows.unchanged &&
           *rows.added + *rows.changed + *rows.unchanged == rows.after &&
           *rows.removed + *rows.changed + *rows.unchanged == rows.before;
}

void count_rows(const json::object& facts, ComparedModel& model) {
    auto& rows = model.rows;
    rows.before = count_in(facts, "before");
    rows.after = count_in(facts, "after");
    if (model.primary_key.empty()) {
        model.message = "No primary key is known, so rows are only counted.";
        return;
    }
    auto key = fmt::format("{}", fmt::join(model.primary_key, ", "));
    if (facts.contains("unusable_key")) {
        model.message = fmt::format(
            "The primary key ({}) is not there, of one type, on both sides, so rows are only "
            "counted.",
            key);
        return;
    }
    rows.added = count_in(facts, "added");
    rows.removed = count_in(facts, "removed");
    rows.changed = count_in(facts, "changed");
    rows.unchanged = count_in(facts, "unchanged");
    if (!adds_up(rows)) {
        rows = {.before = rows.before, .after = rows.after};
        model.message =
            fmt::format("The primary key ({}) is not unique, so rows are only counted.", key);
        return;
    }
    for (const auto& [name, count] : object_in(facts, "columns"))
        if (auto changed = count.is_number() ? count.to_number<std::int64_t>() : 0; changed > 0)
            model.columns.changed.emplace(name, changed);
}

bool has_changed(const ComparedModel& model) {
    const auto& columns = model.columns;
    const auto& rows = model.rows;
    return !columns.added.empty() || !columns.removed.empty() || !columns.retyped.empty() ||
           rows.before != rows.after || rows.added.value_or(0) > 0 ||
           rows.removed.value_or(0) > 0 || rows.changed.value_or(0) > 0;
}

std::string rows_words(const dbt::ComparedRows& rows) {
    if (!rows.after) return {};
    auto counted = [](std::int64_t count) {
        return fmt::format("{} {}", count, count == 1 ? "row" : "rows");
    };
    if (!rows.before) return "; " + counted(*rows.after);
    auto words = fmt::format("; {} before, {} now", counted(*rows.before), *rows.after);
    if (rows.added)
        words += fmt::format(": {} added, {} removed, {} changed, {} unchanged", *rows.added,
                             *rows.removed, *rows.changed, *rows.unchanged);
    return words;
}

}  // namespace

std::optional<Answer> read_answer(std::string_view line) {
    auto begin = line.find(kAnswerMark);
    if (begin == line.npos) return std::nullopt;
    line.remove_prefix(begin + kAnswerMark.size());
    json::error_code error;
    auto value = json::parse(line, error);
    if (error || !value.is_object()) return std::nullopt;
    auto& facts = value.get_object();
    auto unique_id = text_of(facts, "unique_id");
    if (unique_id.empty()) return std::nullopt;
    return Answer{std::move(unique_id), std::move(facts)};
}

ComparedModel judge(const ModelToCompare& model, const json::object& facts) {
    ComparedModel compared{
        .unique_id = model.unique_id, .name = model.name, .primary_key = model.key};
    auto status = text_of(facts, "status");
    if (status == "new") {
        compared.status = ChangeStatus::added;
        compared.rows.after = count_in(facts, "after");
        if (model.before)
            compared.message = "Production's manifest has it, but the relation is not there.";
    } else if (status == "compared") {
        compared.columns.added = names_in(facts, "added");
        compared.columns.removed = names_in(facts, "removed");
        compared.columns.retyped = names_in(facts, "retyped");
        count_rows(object_in(facts, "rows"), compared);
        compared.status = has_changed(compared) ? ChangeStatus::changed : ChangeStatus::unchanged;
    } else {
        compared.message = "Its relation is not there.";
    }
    return compared;
}

ComparedModel skipped(const ModelToCompare& model, std::string why) {
    return {.unique_id = model.unique_id,
            .name = model.name,
            .primary_key = model.key,
            .message = std::move(why)};
}

std::string line_of(const ComparedModel& model) {
    auto line = fmt::format("{}: {}", model.name, dbt::status_name(model.status));
    line += rows_words(model.rows);
    const auto& columns = model.columns;
    auto add = [&](std::string_view what, const std::vector<std::string>& names) {
        if (!names.empty()) line += fmt::format("; {}: {}", what, fmt::join(names, ", "));
    };
    add("columns added", columns.added);
    add("columns removed", columns.removed);
    add("types changed", columns.retyped);
    std::vector<std::string> changed;
    for (const auto& [name, count] : columns.changed)
        changed.push_back(fmt::format("{} ({})", name, count));
    add("rows changed by column", changed);
    if (!model.message.empty()) line += "; " + model.message;
    return line;
}

}  // namespace mw::runner
