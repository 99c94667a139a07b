// Endpoints of a plain resource: list, get, create, update, delete.
//
//   add_resource(api, pool, license_maps(), "/api/v3/accounts/{account_id}/license-maps/");
//
// Updates keep what a body leaves out. `"state": 2` in one removes the row, as DELETE does, and
// both answer 200 with the removed object (contract 3.6). Rows of other accounts, of projects in
// which the caller may see none, and removed ones are not there.
#pragma once

#include <memory>
#include <string>

#include "api/list_reply.hpp"
#include "features/resources/resource_rows.hpp"
#include "features/resources/resource_schema.hpp"

namespace mw::resources {

enum class Verbs : unsigned {
    list = 1,
    get = 2,
    create = 4,
    update_by_post = 8,
    update_by_patch = 16,
    update_by_put = 32,
    remove = 64,
};
constexpr Verbs operator|(Verbs a, Verbs b) {
    return static_cast<Verbs>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(Verbs all, Verbs one) {
    return (static_cast<unsigned>(all) & static_cast<unsigned>(one)) != 0;
}
inline constexpr Verbs kAllByPost =
    Verbs::list | Verbs::get | Verbs::create | Verbs::update_by_post | Verbs::remove;
inline constexpr Verbs kAll = kAllByPost | Verbs::update_by_patch;

template <class T>
class ResourceApi : public std::enable_shared_from_this<ResourceApi<T>> {
  public:
    ResourceApi(Resource<T> resource, pg::Pool& pool) : rows_(std::move(resource)), pool_(pool) {}

    // `path` is that of the list.
    void add(api::Api& api, const std::string& path, Verbs verbs) {
        using How = api::Route::Answer;
        auto self = this->shared_from_this();
        const auto& resource = rows_.resource();
        const auto& noun = resource.noun;
        auto reads = api::reads(resource.area);
        auto writes = api::writes(resource.area);
        auto creates = api::writes(resource.create_area.value_or(resource.area));
        auto one = path.ends_with('/') ? path + "{id}/" : path + "/{id}";
        auto answer = answer_schema(resource);
        if (has(verbs, Verbs::list))
            api.get(path, reads, [self](api::Call& call) { return self->list(call); })
                .says("List " + noun + "s")
                .gives(How::list, answer)
                .asks({"limit", "offset", "order_by", "state"});
        if (has(verbs, Verbs::create))
            api.post(path, creates, [self](api::Call& call) { return self->create(call); })
                .says("Create a " + noun)
                .gives(How::one, answer)
                .takes(body_schema(resource, true));
        if (has(verbs, Verbs::get))
            api.get(one, reads, [self](api::Call& call) { return self->get(call); })
                .says("Get a " + noun)
                .gives(How::one, answer);
        auto update = [self](api::Call& call) { return self->update(call); };
        auto describe = [&](api::Route& route) {
            route.says("Update a " + noun)
                .gives(How::one, answer)
                .takes(body_schema(resource, false));
        };
        if (has(verbs, Verbs::update_by_post)) describe(api.post(one, writes, update));
        if (has(verbs, Verbs::update_by_patch)) describe(api.patch(one, writes, update));
        if (has(verbs, Verbs::update_by_put)) describe(api.put(one, writes, update));
        if (has(verbs, Verbs::remove))
            api.del(one, writes, [self](api::Call& call) { return self->remove(call); })
                .says("Delete a " + noun)
                .gives(How::one, answer);
    }

    api::Reply list(api::Call& call) {
        if (auto project = call.request.path_params.find("project_id");
            project != call.request.path_params.end()) {
            // As if it had been asked for, whatever else was.
            std::erase_if(call.request.query,
                          [](const auto& each) { return each.first == "project_id"; });
            call.request.query.emplace_back("project_id", project->second);
        }
        MW_CO_TRY(auto page, co_await api::fetch_page<T>(pool_, call, rows_.table().list()));
        boost::json::array data;
        for (const auto& row : page.rows) {
            MW_CO_TRY(auto json, co_await view(call, row));
            data.push_back(std::move(json));
        }
        co_return api::success_list(std::move(data), page.query, page.total_count, call.account_id);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        std::optional<T> row;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_TRY(row, co_await rows_.find(*lease, call, id));
        }
        MW_CO_TRY(auto json, co_await view(call, *row));
        co_return api::success(std::move(json));
    }

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        T row{};
        row.account_id = call.account_id;
        MW_CO_CHECK(rows_.read(call, body, row, true));
        co_return co_await answer(call, [&](pg::Connection& tx) -> asio::awaitable<result<Made>> {
            Change<T> change{call, tx, body, nullptr, row};
            MW_CO_CHECK(co_await rows_.insert(change));
            co_return Made{std::move(row), std::move(change.once)};
        });
    }

    api::Reply update(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto body, call.body());
        co_return co_await answer(call, [&](pg::Connection& tx) -> asio::awaitable<result<Made>> {
            MW_CO_TRY(auto before, co_await rows_.lock(tx, call, id));
            auto row = before;
            MW_CO_CHECK(rows_.read(call, body, row, false));
            Change<T> change{call, tx, body, &before, row};
            bool removed = row.state == 2;
            MW_CO_CHECK(removed ? co_await rows_.remove(change) : co_await rows_.update(change));
            co_return Made{std::move(row), std::move(change.once)};
        });
    }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        RequestBody nothing{boost::json::object{}};
        co_return co_await answer(call, [&](pg::Connection& tx) -> asio::awaitable<result<Made>> {
            MW_CO_TRY(auto before, co_await rows_.lock(tx, call, id));
            auto row = before;
            Change<T> change{call, tx, nothing, &before, row};
            MW_CO_CHECK(co_await rows_.remove(change));
            co_return Made{std::move(row), std::move(change.once)};
        });
    }

    // With what belongs to it.
    asio::awaitable<result<boost::json::object>> view(const api::Call& call, const T& row) {
        auto json = json_of(rows_.resource(), row);
        if (const auto& relate = rows_.resource().relate)
            MW_CO_CHECK(co_await relate(pool_, call, row, json));
        co_return json;
    }

    ResourceRows<T>& rows() { return rows_; }

  private:
    struct Made {
        T row;
        boost::json::object once;
    };

    template <class Work>
    api::Reply answer(api::Call& call, Work work) {
        MW_CO_TRY(auto made, co_await pg::with_tx(pool_, std::move(work)));
        MW_CO_TRY(auto json, co_await view(call, made.row));
        for (auto& [name, value] : made.once)
            json[name] = value;
        co_return api::success(std::move(json));
    }

    ResourceRows<T> rows_;
    pg::Pool& pool_;
};

template <class T>
std::shared_ptr<ResourceApi<T>> add_resource(api::Api& api, pg::Pool& pool, Resource<T> resource,
                                             const std::string& path, Verbs verbs = kAllByPost) {
    auto made = std::make_shared<ResourceApi<T>>(std::move(resource), pool);
    made->add(api, path, verbs);
    return made;
}

}  // namespace mw::resources
