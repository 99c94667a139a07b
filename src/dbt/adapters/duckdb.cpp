#include <array>
#include <boost/json/array.hpp>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr int kConnectAttempts = 6;  // dbt-duckdb waits 1, 2, 4, … s: about a minute

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "path", .required = true},
    {.key = "database"},
    {.key = "motherduck_token", .secret = true},
    {.key = "extensions", .type = list},
    {.key = "settings", .type = object},
    {.key = "config_options", .type = object},
    {.key = "secrets", .type = list},
    {.key = "attach", .type = list},
    {.key = "filesystems", .type = list},
    {.key = "plugins", .type = list},
    {.key = "external_root"},
    {.key = "disable_transactions", .type = boolean},
    {.key = "is_ducklake", .type = boolean},
    {.key = "retries", .type = object},
});

// A second process waits for the file instead of failing.
void wait_for_the_file(boost::json::object& output) {
    if (const auto* given = output.if_contains("retries"); given && !given->is_null()) return;
    output["retries"] =
        boost::json::object{{"connect_attempts", kConnectAttempts},
                            {"retryable_exceptions", boost::json::array{"IOException"}}};
}

}  // namespace

const Adapter kDuckdb{
    .name = "duckdb", .type = "duckdb", .fields = kFields, .finish = wait_for_the_file};

}  // namespace mw::dbt
