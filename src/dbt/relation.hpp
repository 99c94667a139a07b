// Names of relations as adapters write them: "db"."schema"."name", `db`.`schema`.`name`,
// [db].[schema].[name], db.schema.name. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mw::dbt {

struct Relation {
    std::string database;  // empty where an adapter has none
    std::string schema;
    std::string name;
};

// Nothing for what is no such name, of two or three parts. Quotes are taken off.
std::optional<Relation> parse_relation(std::string_view text);

// Whether it is `target`, or `target` with a custom schema's name behind it, as dbt's own
// generate_schema_name makes it; in upper case too, as some warehouses have it.
bool is_schema_of(std::string_view schema, std::string_view target);

}  // namespace mw::dbt
