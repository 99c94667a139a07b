// The life of a plain resource's rows: read of a body, checked, written, recorded in the audit log.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "features/audit/audit_store.hpp"
#include "features/resources/reference_store.hpp"
#include "features/resources/resource.hpp"
#include "features/resources/table_store.hpp"

namespace mw::resources {

template <class T>
class ResourceRows {
  public:
    static constexpr bool kHasProject = requires(T row) { row.project_id; };

    explicit ResourceRows(Resource<T> resource)
        : resource_(std::move(resource)),
          table_(resource_.table, columns_of<T>(), resource_.only, resource_.rows_are_projects),
          event_(resource_.noun) {
        std::ranges::replace(event_, ' ', '_');
    }

    const Resource<T>& resource() const { return resource_; }
    const Table& table() const { return table_; }

    // Active, of the account; permitted to the caller and of the path's project. Errors:
    // not_found, forbidden.
    asio::awaitable<result<T>> find(pg::Connection& connection, const api::Call& call, Id id) {
        co_return co_await fetch(connection, call, table_.find(), id);
    }
    // The same, held until the transaction ends.
    asio::awaitable<result<T>> lock(pg::Connection& tx, const api::Call& call, Id id) {
        MW_CO_TRY(auto row, co_await fetch(tx, call, table_.lock(), id));
        MW_CO_CHECK(co_await check_category(call, tx, row));
        co_return row;
    }

    // A body onto a row: what it leaves out stays. Errors: a 400 that names every bad field.
    result<> read(const api::Call& call, const RequestBody& body, T& row, bool is_new) const {
        JsonReader in(body);
        if constexpr (kHasProject) {
            if (call.request.path_params.contains("project_id")) {
                MW_TRY(row.project_id, call.id("project_id"));
            } else if (is_new) {
                if constexpr (std::is_same_v<decltype(row.project_id), Id>)
                    in.required("project_id", row.project_id, detail::kIds);
                else
                    in.optional("project_id", row.project_id, detail::kIds);
            }
        }
        for (const auto& field : resource_.fields)
            field.read(in, row, is_new);
        in.keep("state", row.state, {1, 2});
        return in.finish();
    }

    asio::awaitable<result<>> insert(Change<T>& change) {
        MW_CO_CHECK(co_await check(change));
        MW_CO_CHECK(
            co_await write(change, table_.insert(), params_of(change.row, table_.inserted())));
        co_return co_await finish(change, "created");
    }

    asio::awaitable<result<>> update(Change<T>& change) {
        MW_CO_CHECK(co_await check(change));
        auto params = params_of(change.row, table_.updated());
        params.insert(params.begin(),
                      {pg::to_param(change.call.account_id), pg::to_param(change.row.id)});
        MW_CO_CHECK(co_await write(change, table_.update(), std::move(params)));
        co_return co_await finish(change, "updated");
    }

    asio::awaitable<result<>> remove(Change<T>& change) {
        change.row.state = 2;
        MW_CO_CHECK(
            co_await write(change, table_.delete_row(),
                           {pg::to_param(change.call.account_id), pg::to_param(change.row.id)}));
        co_return co_await finish(change, "deleted");
    }

  private:
    asio::awaitable<result<T>> fetch(pg::Connection& connection, const api::Call& call,
                                     const std::string& sql, Id id) {
        MW_CO_TRY(auto rows,
                  co_await connection.run_text(table_.name().c_str(), sql,
                                               {pg::to_param(call.account_id), pg::to_param(id)}));
        auto row = rows.template first<T>();
        if (!row) co_return api::not_found();
        MW_CO_CHECK(permit(call, *row));
        co_return std::move(*row);
    }

    result<> permit(const api::Call& call, const T& row) const {
        if (resource_.visible && !resource_.visible(call, row)) return api::not_found();
        if (resource_.rows_are_projects) return call.permit(row.id);
        if constexpr (kHasProject) {
            std::optional<Id> project = row.project_id;
            if (!project) return {};
            if (call.request.path_params.contains("project_id")) {
                MW_TRY(auto of_path, call.id("project_id"));
                if (*project != of_path) return api::not_found();
            }
            return call.permit(*project);
        }
        return {};
    }

    asio::awaitable<result<>> check_category(const api::Call& call, pg::Connection& tx,
                                             const T& row) {
        if constexpr (kHasProject) {
            std::optional<Id> project = row.project_id;
            if (!resource_.category || !project) co_return result<>{};
            MW_CO_TRY(auto category, co_await resource_.category(tx, row));
            co_return call.permit(*project, category);
        }
        co_return result<>{};
    }

    asio::awaitable<result<>> check(Change<T>& change) {
        std::optional<Id> project;
        if constexpr (kHasProject) {
            project = change.row.project_id;
            if (project && change.is_new()) {
                MW_CO_CHECK(co_await check_reference(change.tx, "project_id", "projects",
                                                     change.row.account_id, std::nullopt,
                                                     *project));
                MW_CO_CHECK(change.call.permit(*project));
            }
        }
        for (const auto& field : resource_.fields) {
            if (!field.id_of) continue;
            auto id = field.id_of(change.row);
            // What it names already may meanwhile be gone.
            if (!id || (change.before && field.id_of(*change.before) == id)) continue;
            MW_CO_CHECK(co_await check_reference(change.tx, field.name, field.rules.refers,
                                                 change.row.account_id, project, *id));
        }
        if (resource_.check) MW_CO_CHECK(co_await resource_.check(change));
        co_return co_await check_category(change.call, change.tx, change.row);
    }

    asio::awaitable<result<>> write(Change<T>& change, const std::string& sql,
                                    std::vector<pg::Param> params) {
        auto outcome = co_await change.tx.run_text(table_.name().c_str(), sql, std::move(params));
        if (!outcome && outcome.error().code == Errc::conflict)
            co_return fail(Errc::conflict, "There is such a " + resource_.noun + " already.",
                           outcome.error().detail);
        if (!outcome) co_return fail(outcome.error());
        change.row = outcome->template as<T>(0);
        co_return result<>{};
    }

    asio::awaitable<result<>> finish(Change<T>& change, std::string_view done) {
        if (resource_.written) MW_CO_CHECK(co_await resource_.written(change));
        auto event = event_ + "." + std::string(done);
        boost::json::object data;
        if constexpr (requires { change.row.name; }) data["name"] = change.row.name;
        co_return co_await audit::record(change.tx, change.call.caller,
                                         {event, event_, change.row.id, std::move(data)});
    }

    Resource<T> resource_;
    Table table_;
    std::string event_;
};

}  // namespace mw::resources
