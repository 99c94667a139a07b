#include <fmt/format.h>

#include <algorithm>

#include "features/audit/audit_store.hpp"
#include "features/variables/variable_api.hpp"
#include "features/variables/variable_input.hpp"
#include "features/variables/variable_store.hpp"

namespace mw::variables {
namespace {

struct Changes {
    std::vector<Id> written;
    std::vector<Id> deleted;
};

class BulkApi {
  public:
    BulkApi(pg::Pool& pool, const crypto::Sealer& sealer) : pool_(pool), sealer_(sealer) {}

    // All or none: one bad item leaves everything as it was.
    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto items, read_bulk(body));
        MW_CO_TRY(auto changes, co_await apply(call, items));
        boost::json::array data;
        for (const auto& item : items)
            data.push_back(boost::json::object{{"status", "success"},
                                               {"status_code", 200},
                                               {"key_name", item.name},
                                               {"data",
                                                {{"message", fmt::format("{} was set", item.name)},
                                                 {"new_var_ids", ids_json(changes.written)},
                                                 {"failures", boost::json::array{}}}}});
        // Terraform reads what a single one made.
        if (items.size() == 1)
            co_return api::success({{"message", "1 environment variable was set"},
                                    {"new_var_ids", ids_json(changes.written)},
                                    {"failures", boost::json::array{}}});
        co_return api::success(std::move(data));
    }

    // {"env_var": {"old_name": …, "new_name": …, places…}}: what it says of a place counts, what it
    // has as null goes away.
    api::Reply replace(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        auto wanted = unwrap(body);
        MW_CO_TRY(auto items, read_bulk(wanted));
        MW_CO_TRY(auto changes, co_await apply(call, items));
        co_return api::success({{"message", "The environment variables were changed."},
                                {"new_var_ids", ids_json(changes.written)},
                                {"deleted_var_ids", ids_json(changes.deleted)},
                                {"failures", boost::json::array{}}});
    }

    // {"name": "DBT_X"}, in a body (contract 3.11): everywhere in the project.
    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::string name;
        in.required("name", name);
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> Awaitable<std::vector<Id>> {
            MW_CO_TRY(auto all, co_await list_variables(tx, call.account_id, project_id));
            std::vector<Id> ids;
            for (const auto& variable : all)
                if (variable.name == name) ids.push_back(variable.id);
            if (ids.empty()) co_return api::not_found();
            MW_CO_CHECK(co_await delete_variables(tx, call.account_id, project_id, ids));
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {"environment_variable.deleted",
                                                "environment_variable",
                                                std::nullopt,
                                                {{"name", name}}}));
            co_return ids;
        };
        MW_CO_TRY(auto ids, co_await pg::with_tx(pool_, work));
        co_return api::success(
            {{"message", fmt::format("{} was removed", name)}, {"deleted_var_ids", ids_json(ids)}});
    }

  private:
    static boost::json::array ids_json(const std::vector<Id>& ids) {
        return boost::json::array(ids.begin(), ids.end());
    }

    // Terraform sends {"env_vars": {NAME: {place: value}}}.
    static RequestBody unwrap(const RequestBody& body) {
        const auto* object = body.value.if_object();
        const auto* named = object ? object->if_contains("env_vars") : nullptr;
        if (!named || !named->is_object()) return body;
        boost::json::array items;
        for (const auto& [name, places] : named->get_object()) {
            auto item = places.is_object() ? places.get_object() : boost::json::object{};
            item["new_name"] = name;
            items.push_back(std::move(item));
        }
        return RequestBody{std::move(items)};
    }

    Awaitable<Changes> apply(const api::Call& call, const std::vector<BulkItem>& items) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<Changes> {
            Changes changes;
            MW_CO_TRY(auto environments, co_await environments_of(tx, call.account_id, project_id));
            MW_CO_TRY(auto present, co_await list_variables(tx, call.account_id, project_id));
            for (const auto& item : items)
                for (const auto& [place, value] : item.values) {
                    Variable variable;
                    variable.account_id = call.account_id;
                    variable.project_id = project_id;
                    variable.name = item.name;
                    MW_CO_TRY(variable.environment_id, find_place(environments, item, place));
                    MW_CO_CHECK(co_await set(tx, present, variable, value, changes));
                }
            MW_CO_CHECK(co_await record(tx, call, items));
            co_return changes;
        };
        co_return co_await pg::with_tx(pool_, work);
    }

    static result<std::optional<Id>> find_place(const std::vector<PlaceName>& environments,
                                                const BulkItem& item, const std::string& place) {
        if (place == "project") return std::nullopt;
        for (const auto& environment : environments)
            if (environment.name == place) return environment.id;
        return fail_field(item.name, fmt::format("the project has no environment {}", place));
    }

    Awaitable<> set(pg::Connection& tx, const std::vector<Variable>& present,
                    const Variable& variable, const std::optional<std::string>& value,
                    Changes& changes) {
        auto same = [&](const Variable& each) {
            return each.name == variable.name && !each.job_id && !each.user_id &&
                   each.environment_id == variable.environment_id;
        };
        auto found = std::ranges::find_if(present, same);
        if (!value) {
            if (found == present.end()) co_return result<>{};
            MW_CO_CHECK(co_await delete_variables(tx, variable.account_id, variable.project_id,
                                                  {found->id}));
            changes.deleted.push_back(found->id);
            co_return result<>{};
        }
        // Stars were shown instead of the value, which stays.
        if (found != present.end() && *value == kStars) co_return result<>{};
        MW_CO_TRY(auto written, co_await put_variable(tx, sealer_, variable, *value));
        changes.written.push_back(written.id);
        co_return result<>{};
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call,
                              const std::vector<BulkItem>& items) {
        for (const auto& item : items)
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {"environment_variable.updated",
                                                "environment_variable",
                                                std::nullopt,
                                                {{"name", item.name}}}));
        co_return result<>{};
    }

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
};

}  // namespace

void add_variable_bulk_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    auto bulk = std::make_shared<BulkApi>(pool, sealer);
    constexpr auto writes = api::writes(api::Area::variables);
    const std::string path =
        "/api/v3/accounts/{account_id}/projects/{project_id}/environment-variables/bulk/";
    boost::json::object body{{"type", "object"}};
    api.post(path, writes, [bulk](api::Call& call) { return bulk->create(call); })
        .says("Set environment variables, each in several places")
        .takes(body);
    api.put(path, writes, [bulk](api::Call& call) { return bulk->replace(call); })
        .says("Change environment variables in several places")
        .takes(body);
    api.del(path, writes, [bulk](api::Call& call) { return bulk->remove(call); })
        .says("Remove an environment variable from a project")
        .takes({{"type", "object"},
                {"required", {"name"}},
                {"properties", {{"name", {{"type", "string"}}}}}});
}

}  // namespace mw::variables
