#include "features/discovery/job_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;

std::optional<Id> id_of(const json::object& arguments, std::string_view name) {
    const auto* id = arguments.if_contains(name);
    if (!id || !id->is_number()) return std::nullopt;
    return id->to_number<Id>();
}

// not_found when the caller may not see the job, or when it left nothing.
Awaitable<project_state::ReadableRun> find_place(Lookup& lookup, Id job_id,
                                                 std::optional<Id> run_id) {
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto run, co_await project_state::find_readable_run(
                            *connection, lookup.call().account_id, job_id, run_id));
    if (!run || !lookup.call().permit(run->project_id))
        co_return fail(Errc::not_found,
                       run_id ? "There is no such run of this job that left artifacts and that "
                                "this token may see."
                              : "There is no run of this job that left artifacts and that this "
                                "token may see.");
    co_return *run;
}

bool same(std::string_view left, std::string_view right) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

// By database, schema and identifier, as far as they are asked for.
bool is_asked_for(const project_state::RunNode& node, const json::object& arguments) {
    auto wanted = [&](const char* name, std::initializer_list<const char*> paths) {
        auto text = text_of(arguments, name);
        if (text.empty()) return true;
        for (const auto* path : paths)
            if (auto value = shown_fact(node.node.facts, path); value.is_string())
                return same(std::string_view(value.get_string()), text);
        return false;
    };
    return wanted("database", {"database"}) && wanted("schema", {"schema"}) &&
           wanted("identifier", {"alias", "identifier"});
}

json::value shown(const project_state::ReadableRun& place, const project_state::RunNode& node) {
    const auto& of = node.node;
    return run_node(place, of.unique_id, of.resource_type, of.name);
}

Answer list_nodes(Lookup& lookup, project_state::ReadableRun place, std::string resource_type,
                  const json::object& arguments) {
    MW_CO_TRY(auto snapshot, co_await lookup.snapshots().find(place.account_id, place.run_id));
    json::array nodes;
    for (const auto& [unique_id, node] : snapshot->nodes)
        if (node.node.resource_type == resource_type && is_asked_for(node, arguments))
            nodes.push_back(shown(place, node));
    co_return nodes;
}

Answer one_node(Lookup& lookup, project_state::ReadableRun place, std::string resource_type,
                const json::object& arguments) {
    MW_CO_TRY(auto snapshot, co_await lookup.snapshots().find(place.account_id, place.run_id));
    auto unique_id = text_of(arguments, "uniqueId");
    auto name = text_of(arguments, "name");
    for (const auto& [id, node] : snapshot->nodes)
        if (node.node.resource_type == resource_type &&
            (unique_id.empty() ? node.node.name == name : id == unique_id))
            co_return shown(place, node);
    co_return json::value(nullptr);
}

// Of the parent Job, or of the arguments where the query has none.
Awaitable<project_state::ReadableRun> place_of(const Asked& asked) {
    auto job_id = id_of(asked.arguments, "jobId");
    if (!job_id) co_return run_of(asked.parent);
    co_return co_await find_place(dynamic_cast<Lookup&>(asked.context), *job_id,
                                  id_of(asked.arguments, "runId"));
}

Answer job(const Asked& asked) {
    MW_CO_TRY(auto place, co_await find_place(dynamic_cast<Lookup&>(asked.context),
                                              asked.arguments.at("id").to_number<Id>(),
                                              id_of(asked.arguments, "runId")));
    co_return json::value{{"id", place.job_id},
                          {"jobId", place.job_id},
                          {"runId", place.run_id},
                          {"accountId", place.account_id},
                          {"projectId", place.project_id},
                          {"environmentId", place.environment_id}};
}

struct ListField {
    const char* list;
    const char* one;
    const char* resource_type;
};
constexpr ListField kListFields[] = {
    {"models", "model", "model"},          {"seeds", "seed", "seed"},
    {"snapshots", "snapshot", "snapshot"}, {"tests", "test", "test"},
    {"sources", "source", "source"},       {"exposures", "exposure", "exposure"},
    {"metrics", "metric", "metric"}};

void add_place(graphql::NamedType& type, bool of_query) {
    if (of_query) type.argument("jobId", "BigInt!").argument("runId", "BigInt");
}

void add_lists(graphql::NamedType& type, bool of_query) {
    for (const auto& field : kListFields) {
        std::string resource_type = field.resource_type;
        type.field(field.list, fmt::format("[{}!]!", run_type_name(resource_type)));
        add_place(type, of_query);
        if (kind_of(resource_type)->is_relation)
            type.argument("database", "String")
                .argument("schema", "String")
                .argument("identifier", "String");
        type.resolve([resource_type](const Asked& asked) -> Answer {
            MW_CO_TRY(auto place, co_await place_of(asked));
            co_return co_await list_nodes(dynamic_cast<Lookup&>(asked.context), place,
                                          resource_type, asked.arguments);
        });
        type.field(field.one, run_type_name(resource_type));
        add_place(type, of_query);
        // An exposure is named; all others have their id.
        type.argument(resource_type == "exposure" ? "name" : "uniqueId", "String!")
            .resolve([resource_type](const Asked& asked) -> Answer {
                MW_CO_TRY(auto place, co_await place_of(asked));
                co_return co_await one_node(dynamic_cast<Lookup&>(asked.context), place,
                                            resource_type, asked.arguments);
            });
    }
}

}  // namespace

void add_job_fields(graphql::Schema& schema, graphql::NamedType& query) {
    auto& type = schema.object("Job")
                     .field("id", "BigInt!")
                     .field("runId", "BigInt!")
                     .field("accountId", "BigInt!")
                     .field("projectId", "BigInt!")
                     .field("environmentId", "BigInt!");
    add_lists(type, false);
    query.field("job", "Job").argument("id", "BigInt!").argument("runId", "BigInt").resolve(job);
    add_lists(query, true);
}

}  // namespace mw::discovery
