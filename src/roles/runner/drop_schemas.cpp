#include "roles/runner/drop_schemas.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/files.hpp"

namespace mw::runner {
namespace {

// What is not there is gone already: adapters drop "if exists", and commit it themselves.
constexpr std::string_view kMacro = R"({% macro millwright_drop_schemas(schemas) %}
  {% for each in schemas %}
    {% set relation = api.Relation.create(database=each.database or target.database,
                                          schema=each.schema) %}
    {% do adapter.drop_schema(relation.without_identifier()) %}
    {% do log("dropped " ~ each.schema, info=True) %}
  {% endfor %}
{% endmacro %}
)";

}  // namespace

result<> write_drop_macro(const RunSpec& spec, const std::filesystem::path& project) {
    if (spec.drop_schemas.empty()) return {};
    std::error_code error;
    std::filesystem::create_directory(project / "macros", error);
    if (error)
        return fail(file_error(error.value(), "The errand's macro cannot be written", project));
    return write_file_atomically(project / "macros" / "drop_schemas.sql", std::string(kMacro),
                                 0600);
}

std::vector<std::string> drop_command(const RunSpec& spec) {
    boost::json::array schemas;
    for (const auto& each : spec.drop_schemas)
        schemas.emplace_back(
            boost::json::object{{"database", each.database}, {"schema", each.schema}});
    return {"run-operation", "millwright_drop_schemas", "--args",
            boost::json::serialize(boost::json::object{{"schemas", std::move(schemas)}})};
}

}  // namespace mw::runner
