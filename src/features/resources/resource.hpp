// A plain resource of the API, as its feature declares it. resource_api.hpp makes endpoints of it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "features/resources/field.hpp"
#include "infra/pg/pool.hpp"

namespace mw::resources {

namespace asio = boost::asio;

// One change, on its transaction; for hooks.
template <class T>
struct Change {
    const api::Call& call;
    pg::Connection& tx;
    const RequestBody& body;
    const T* before;  // nullptr: it is made
    T& row;           // as it will be, or is, written
    // Added to the answer of this one call: a token that is shown once.
    boost::json::object once = {};

    bool is_new() const { return before == nullptr; }
    bool is_removal() const { return row.state == 2; }
};

template <class T>
struct Resource {
    template <class R>
    using Hook = std::function<asio::awaitable<result<>>(R)>;

    std::string noun;   // "license map": for errors, and as "license_map.created" in the audit log
    std::string table;  // its columns are T's members
    api::Area area;
    // Where making one is another matter than changing it.
    std::optional<api::Area> create_area = {};
    bool rows_are_projects = false;  // each is its own project, for permissions
    std::string only = {};  // which of the table's rows these are, as SQL: "t.kind = 'service'"
    std::vector<Field<T>> fields;

    // The object that clients see; without it, T's members.
    std::function<boost::json::object(const T&)> json = {};
    // What differs from T's members in the OpenAPI document.
    boost::json::object schema = {};

    // Whose row it is, where that is more than account and project: others' are not there.
    std::function<bool(const api::Call&, const T&)> visible = {};

    // Before a row is made or changed, not when it is removed. Errors refuse the change.
    Hook<Change<T>&> check = {};
    // After it was written, in any way.
    Hook<Change<T>&> written = {};
    // Adds what belongs to it, outside any transaction: of one and of each in a list.
    std::function<asio::awaitable<result<>>(pg::Pool&, const api::Call&, const T&,
                                            boost::json::object&)>
        relate = {};
    // In which category of environments it is ("production"), if writing depends on that.
    std::function<asio::awaitable<result<std::string>>(pg::Connection&, const T&)> category = {};
};

}  // namespace mw::resources
