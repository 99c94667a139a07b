// Types, fields and resolvers (section 3).
//
//   Schema schema("Query");
//   schema.object("Query").field("job", "Job").argument("id", "BigInt!").resolve(find_job);
//   schema.object("Job").field("id", "BigInt!").field("models", "[Model!]!");
//
// A field without a resolver is the member of that name of its parent. The scalars of the
// specification are there; others are added. Call `problems` when all is added: types are named
// before they are there.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "graphql/language/ast.hpp"

namespace mw::graphql {

namespace json = boost::json;

// Whatever resolvers need to know of a request; a feature's own.
struct Context {
    virtual ~Context() = default;
};

// One field that is to be answered.
struct Asked {
    const json::value& parent;
    const json::object& arguments;
    Context& context;
    // As it stands in the request, more than once where selections overlap: with what is wanted of
    // its answer.
    const std::vector<const Field*>& fields;
};
// Errors: their message is shown; an internal one's is not.
using Resolver = std::function<boost::asio::awaitable<result<json::value>>(const Asked&)>;

struct InputType {
    std::string name;
    TypeReference type;
    std::optional<json::value> otherwise = {};
    std::string description = {};
};

struct FieldType {
    std::string name;
    TypeReference type;
    std::vector<InputType> arguments = {};
    Resolver resolver = {};
    std::string description = {};
    std::string deprecated = {};  // why; empty: it is not

    const InputType* argument_of(std::string_view argument) const;
};

enum class TypeKind { scalar, object, interface, unified, enumeration, input };

class NamedType {
  public:
    NamedType(TypeKind kind, std::string name) : kind(kind), name(std::move(name)) {}

    // Of objects and interfaces; what follows is of the field that was added last.
    NamedType& field(std::string field, std::string_view type, std::string description = {});
    NamedType& argument(std::string argument, std::string_view type,
                        std::optional<json::value> otherwise = {});
    NamedType& resolve(Resolver resolver);
    NamedType& deprecate(std::string why);
    // Of an input object.
    NamedType& input(std::string input, std::string_view type,
                     std::optional<json::value> otherwise = {});
    NamedType& values(std::vector<std::string> names);   // of an enumeration
    NamedType& members(std::vector<std::string> names);  // of a union
    NamedType& implements(std::vector<std::string> names);
    NamedType& describe(std::string text);

    const FieldType* find_field(std::string_view field) const;
    const InputType* find_input(std::string_view input) const;
    bool is_composite() const {
        return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::unified;
    }
    bool is_input() const {
        return kind == TypeKind::scalar || kind == TypeKind::enumeration || kind == TypeKind::input;
    }

    TypeKind kind;
    std::string name;
    std::string description = {};
    std::vector<FieldType> fields = {};
    std::vector<InputType> inputs = {};
    std::vector<std::string> names = {};  // values of an enumeration, members of a union
    std::vector<std::string> interfaces = {};
};

class Schema {
  public:
    explicit Schema(std::string query);
    Schema(const Schema&) = delete;

    NamedType& scalar(std::string name) { return type(TypeKind::scalar, std::move(name)); }
    NamedType& object(std::string name) { return type(TypeKind::object, std::move(name)); }
    NamedType& interface(std::string name) { return type(TypeKind::interface, std::move(name)); }
    NamedType& unified(std::string name) { return type(TypeKind::unified, std::move(name)); }
    NamedType& enumeration(std::string name) {
        return type(TypeKind::enumeration, std::move(name));
    }
    NamedType& input(std::string name) { return type(TypeKind::input, std::move(name)); }
    // Another name of a type that is there, under which requests may ask for it; answers and the
    // schema's own description do not have it. Beyond the specification: names change over time.
    void alias(std::string other, std::string_view name);

    const NamedType* find(std::string_view name) const;
    const NamedType& query() const { return *find(query_); }
    const std::deque<NamedType>& types() const { return types_; }
    // Whether objects of one may be of the other: the same, or one is among what the other can be.
    bool may_be(const NamedType& left, const NamedType& right) const;
    // The objects that a composite type can be.
    std::vector<std::string> objects_of(const NamedType& type) const;

    // What does not fit together, a sentence each; empty: good.
    std::vector<std::string> problems() const;

  private:
    NamedType& type(TypeKind kind, std::string name);

    std::string query_;
    std::deque<NamedType> types_;  // references to them stay good
    std::map<std::string, std::size_t, std::less<>> by_name_;
};

bool contains(const std::vector<std::string>& names, std::string_view name);

// "[Model!]!" as written.
std::string to_text(const TypeReference& type);
// Its innermost named type.
const std::string& name_of(const TypeReference& type);
// Of a type as written; one that is none breaks an invariant: types are written by us.
TypeReference type_of(std::string_view text);

}  // namespace mw::graphql
