// What each of dbt's adapters wants in a profile, and what dbt Cloud's API calls it: one constant
// table an adapter, from which profiles are made and secrets are known. Pure.
//
// Errors: `invalid_argument` that names the field, never a value.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace mw::dbt {

enum class FieldType { text, integer, number, boolean, list, object };

// Which of the API's two objects has the field.
enum class Part { both, connection, credentials };

struct AdapterField {
    std::string_view key;  // in the profile; "a.b" is `b` inside the object `a`
    // The API's names for it, separated by blanks; the first one is what errors say. The key itself
    // is always understood.
    std::string_view names = {};
    FieldType type = FieldType::text;
    Part part = Part::both;
    bool required = false;
    bool secret = false;
    std::string_view fallback = {};  // used when the field is not given

    std::string_view label() const;
};

// A way to sign in. Lists are separated by blanks. A key that belongs to other ways only is left
// out of the profile: a Snowflake connection holds an OAuth client even when a password is used.
struct SignIn {
    std::string_view names;       // what the API's field may say
    std::string_view sets = {};   // "key=value": what tells the adapter
    std::string_view needs = {};  // keys without which it is none; "a|b" is either
    std::string_view may = {};    // further keys of its own
};

struct Adapter {
    std::string_view name;  // "databricks_spark" of the adapter version "databricks_spark_v0"
    std::string_view type;  // `type:` of the profile
    std::span<const AdapterField> fields;
    // The API's field that chooses. If it says nothing, the first way counts whose needs are met,
    // or else the first of all; one that needs nothing is chosen by name, if there is this field.
    std::string_view sign_in_field = {};
    std::span<const SignIn> sign_ins = {};
    // What no table can say; called with the finished output.
    void (*finish)(boost::json::object& output) = nullptr;
};

// All there are, in the order of an error message.
std::span<const Adapter* const> adapters();

// By name ("snowflake"), by adapter version ("snowflake_v0") or by dbt's own type ("spark"). The
// error lists the names, and is `field`'s.
result<const Adapter*> find_adapter(std::string_view name, std::string_view field = "adapter");
// "postgres_v0" of "postgres", as old clients have it: the first version.
std::string with_version(std::string_view name);

// The row of a field: as the API names it, or as the profile does, whichever comes first.
const AdapterField* find_api_field(const Adapter& adapter, std::string_view name, Part part);
// As a profile names it, or else by one of the API's names for a key at the top.
const AdapterField* find_profile_field(const Adapter& adapter, std::string_view name);

// Whether a field of a connection, of credentials or of extended attributes holds a secret. A field
// that the adapter's table does not have goes by its name: a password, a token, a key.
bool is_secret_field(std::string_view adapter, std::string_view name);

// Whether `list`, separated by blanks, has this word.
bool has_word(std::string_view list, std::string_view word, char separator = ' ');

}  // namespace mw::dbt
