// What is said of a project's nodes together, for whoever asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "features/project_state/node_state.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

// A node as a picture of the whole graph needs it.
struct LineageNode {
    std::string unique_id;
    std::string resource_type;
    std::string name;
    std::vector<std::string> parents;
    std::optional<std::string> file_path;
    std::optional<std::string> materialized;
    std::optional<std::string> access;
    std::optional<std::string> group_name;
    std::optional<std::string> description;
    std::optional<std::string> database;
    std::optional<std::string> schema;
    std::optional<std::string> alias;
    std::optional<std::string> source_name;
    boost::json::value fqn;
    boost::json::value tags;
    std::optional<std::string> last_status;
};
BOOST_DESCRIBE_STRUCT(LineageNode, (),
                      (unique_id, resource_type, name, parents, file_path, materialized, access,
                       group_name, description, database, schema, alias, source_name, fqn, tags,
                       last_status))
// Of these types; without any, of all that have a place in the graph. Of these ids, if any.
boost::asio::awaitable<result<std::vector<LineageNode>>> list_lineage(
    pg::Connection& connection, Id environment_id, const std::vector<std::string>& types,
    const std::vector<std::string>& unique_ids);

// Each once, sorted; of a type, or of all.
boost::asio::awaitable<result<std::vector<std::string>>> list_packages(pg::Connection& connection,
                                                                       Id environment_id,
                                                                       std::string_view type);
boost::asio::awaitable<result<std::vector<std::string>>> list_tags(pg::Connection& connection,
                                                                   Id environment_id);
struct Owner {
    std::optional<std::string> name;
    std::optional<std::string> email;
};
BOOST_DESCRIBE_STRUCT(Owner, (), (name, email))
// Of exposures and groups, or of one of these.
boost::asio::awaitable<result<std::vector<Owner>>> list_owners(pg::Connection& connection,
                                                               Id environment_id,
                                                               std::string_view type);

struct TypeCount {
    std::string resource_type;
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(TypeCount, (), (resource_type, count))
boost::asio::awaitable<result<std::vector<TypeCount>>> count_types(pg::Connection& connection,
                                                                   Id environment_id);

// What a search looks for, and where: "name", "description", "column", "code", "relation".
struct SearchFilter {
    std::string text;
    std::vector<std::string> fields;  // all when there is none
    std::vector<std::string> resource_types = {};
    std::vector<std::string> access_levels = {};
    std::vector<std::string> materialized = {};
    std::vector<std::string> tags = {};  // any of them
};
struct Hit {
    std::string unique_id;
    std::string matched_field;
    std::string found_in;  // the text around what was looked for
};
BOOST_DESCRIBE_STRUCT(Hit, (), (unique_id, matched_field, found_in))
// Those whose name has it before those that only speak of it; from the one after `offset` others.
boost::asio::awaitable<result<std::vector<Hit>>> search_nodes(pg::Connection& connection,
                                                              Id environment_id,
                                                              const SearchFilter& filter,
                                                              int offset, int limit);

// Where nodes are looked for across projects: those of production, of a project without one in all
// of its environments.
struct NameSearch {
    Id account_id = 0;
    bool all_projects = false;
    std::vector<Id> project_ids = {};  // unless all
    std::string text;
    int limit = 0;
};
struct NamedNode {
    Id environment_id = 0;
    std::string environment;
    Id project_id = 0;
    std::string project;
    std::string unique_id;
    std::string resource_type;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(NamedNode, (),
                      (environment_id, environment, project_id, project, unique_id, resource_type,
                       name))
// Those whose name begins with the text before those that have it within.
boost::asio::awaitable<result<std::vector<NamedNode>>> find_named_nodes(pg::Connection& connection,
                                                                        const NameSearch& search);

}  // namespace mw::project_state
