#include "graphql/execution/execute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/log.hpp"
#include "graphql/execution/collect.hpp"
#include "graphql/schema/input_value.hpp"
#include "graphql/schema/meta_fields.hpp"
#include "graphql/schema/scalars.hpp"
#include "graphql/validation/validate.hpp"

namespace mw::graphql {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostErrorsShown = 100;

// Where in the answer: from here up to its root.
struct Place {
    const Place* above = nullptr;
    std::string_view key = {};
    std::size_t index = 0;

    json::array path() const {
        json::array list;
        for (const auto* each = this; each->above; each = each->above)
            list.insert(list.begin(),
                        each->key.empty() ? json::value(each->index) : json::value(each->key));
        return list;
    }
};

json::object error_json(const RequestError& error) {
    json::object object{{"message", error.message}};
    json::array locations;
    for (const auto& at : error.locations)
        locations.push_back(json::object{{"line", at.line}, {"column", at.column}});
    if (!locations.empty()) object["locations"] = std::move(locations);
    if (!error.path.empty()) object["path"] = error.path;
    return object;
}

json::object refused(const std::vector<RequestError>& errors) {
    json::array list;
    for (const auto& error : errors)
        list.push_back(error_json(error));
    return {{"errors", std::move(list)}};
}

Parsed<const Operation*> choose(const Document& document, const std::string& name) {
    auto wrong = [](std::string message) {
        return std::unexpected(RequestError{std::move(message), {}, {}});
    };
    if (document.operations.empty()) return wrong("Must provide an operation.");
    if (name.empty()) {
        if (document.operations.size() > 1)
            return wrong("Must provide operation name if query contains multiple operations.");
        return &document.operations[0];
    }
    auto found = std::ranges::find(document.operations, name, &Operation::name);
    if (found == document.operations.end())
        return wrong(fmt::format("Unknown operation named \"{}\".", name));
    return &*found;
}

std::expected<json::object, std::vector<RequestError>> coerce_variables(const Schema& schema,
                                                                        const Operation& operation,
                                                                        const json::object& given) {
    json::object variables;
    std::vector<RequestError> errors;
    for (const auto& variable : operation.variables) {
        const auto* value = given.if_contains(variable.name);
        Parsed<json::value> coerced = json::value(nullptr);
        if (value) {
            coerced = coerce_variable(schema, variable.type, *value, variable.name, variable.at);
        } else if (variable.otherwise) {
            auto literal = coerce_literal(schema, variable.type, *variable.otherwise, {});
            if (literal)
                coerced = literal->value_or(nullptr);
            else
                coerced = std::unexpected(std::move(literal).error());
        } else if (variable.type.non_null) {
            coerced = std::unexpected(RequestError{
                fmt::format("Variable \"${}\" of required type \"{}\" was not provided.",
                            variable.name, to_text(variable.type)),
                {variable.at},
                {}});
        } else {
            continue;
        }
        if (coerced)
            variables[variable.name] = std::move(*coerced);
        else
            errors.push_back(std::move(coerced).error());
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return variables;
}

class Execution {
  public:
    Execution(const Schema& schema, const Document& document, json::object variables,
              Context& context, std::size_t most_values)
        : schema_(schema),
          variables_(std::move(variables)),
          collector_(schema, document, variables_),
          context_(context),
          values_left_(most_values) {}

    asio::awaitable<json::object> run(const Operation& operation) {
        json::value nothing = json::object{};
        Place root;
        auto groups = collector_.collect(schema_.query(), {&operation.selections});
        auto data = co_await object(schema_.query(), groups, nothing, root);
        json::object answer;
        answer["data"] = data ? json::value(std::move(*data)) : json::value(nullptr);
        if (!errors_.empty()) answer["errors"] = std::move(errors_);
        co_return answer;
    }

  private:
    // Empty: what is there can't be null and is, for a reason that has been told.
    using Completed = std::optional<json::value>;

    void fail_at(std::string message, const Field& field, const Place& place) {
        if (errors_.size() < kMostErrorsShown)
            errors_.push_back(error_json({std::move(message), {field.at}, place.path()}));
    }

    asio::awaitable<std::optional<json::object>> object(const NamedType& type,
                                                        const std::vector<Group>& groups,
                                                        const json::value& parent,
                                                        const Place& place) {
        json::object made;
        for (const auto& group : groups) {
            Place here{&place, group.key};
            auto value = co_await field(type, group, parent, here);
            if (!value) co_return std::nullopt;
            made[group.key] = std::move(*value);
        }
        co_return made;
    }

    asio::awaitable<Completed> field(const NamedType& parent_type, const Group& group,
                                     const json::value& parent, const Place& place) {
        const auto& asked = *group.fields.front();
        if (asked.name == "__typename") co_return json::value(parent_type.name);
        const auto* type = find_field(schema_, parent_type, asked.name);
        if (!type->resolver) {
            static const json::value kNull;
            const auto* object = parent.if_object();
            const auto* member = object ? object->if_contains(asked.name) : nullptr;
            co_return co_await complete(type->type, group, member ? *member : kNull, place);
        }
        auto arguments = arguments_of(*type, asked);
        if (!arguments) {
            fail_at(arguments.error().message, asked, place);
            co_return null_or_nothing(type->type);
        }
        auto value = co_await type->resolver({parent, *arguments, context_, group.fields});
        if (!value) {
            fail_at(words_of(value.error()), asked, place);
            co_return null_or_nothing(type->type);
        }
        co_return co_await complete(type->type, group, *value, place);
    }

    static Completed null_or_nothing(const TypeReference& type) {
        return type.non_null ? std::nullopt : Completed(json::value(nullptr));
    }

    static std::string words_of(const Error& error) {
        if (error.code != Errc::internal) return error.message;
        log::error("a field could not be resolved",
                   {{"error", error.message}, {"detail", error.detail}});
        return "Something went wrong here. The log has it.";
    }

    Parsed<json::object> arguments_of(const FieldType& type, const Field& asked) const {
        json::object made;
        for (const auto& argument : type.arguments) {
            auto given = std::ranges::find(asked.arguments, argument.name, &Argument::name);
            std::optional<json::value> value;
            if (given != asked.arguments.end()) {
                MW_TRY(value, coerce_literal(schema_, argument.type, given->value, variables_));
            }
            if (!value) value = argument.otherwise;
            if (value)
                made[argument.name] = std::move(*value);
            else if (argument.type.non_null)
                return std::unexpected(RequestError{
                    fmt::format("Argument \"{}\" of required type \"{}\" was not provided.",
                                argument.name, to_text(argument.type)),
                    {},
                    {}});
        }
        return made;
    }

    asio::awaitable<Completed> complete(const TypeReference& type, const Group& group,
                                        const json::value& value, const Place& place) {
        const auto& asked = *group.fields.front();
        if (values_left_ == 0) {
            if (!std::exchange(told_of_size_, true))
                fail_at("The answer is too large. Ask for less, or for a page at a time.", asked,
                        place);
            co_return null_or_nothing(type);
        }
        --values_left_;
        if (value.is_null()) {
            if (type.non_null)
                fail_at(fmt::format("Cannot return null for non-nullable field {}.", asked.name),
                        asked, place);
            co_return null_or_nothing(type);
        }
        auto inner = co_await complete_present(type, group, value, place);
        if (!inner) co_return null_or_nothing(type);
        co_return inner;
    }

    asio::awaitable<Completed> complete_present(const TypeReference& type, const Group& group,
                                                const json::value& value, const Place& place) {
        if (type.of) co_return co_await list(*type.of, group, value, place);
        const auto& named = *schema_.find(type.name);
        if (named.is_composite()) co_return co_await composite(named, group, value, place);
        co_return leaf(named, group, value, place);
    }

    Completed leaf(const NamedType& type, const Group& group, const json::value& value,
                   const Place& place) {
        const auto& asked = *group.fields.front();
        if (type.kind == TypeKind::enumeration) {
            const auto* text = value.if_string();
            if (text && contains(type.names, std::string(*text))) return value;
            fail_at(fmt::format("Enum \"{}\" cannot represent value: {}", type.name,
                                json::serialize(value)),
                    asked, place);
            return std::nullopt;
        }
        auto scalar = scalar_for_answer(type.name, value);
        if (scalar) return std::move(*scalar);
        fail_at(scalar.error(), asked, place);
        return std::nullopt;
    }

    asio::awaitable<Completed> list(const TypeReference& of, const Group& group,
                                    const json::value& value, const Place& place) {
        const auto* items = value.if_array();
        if (!items) {
            fail_at(fmt::format("Expected a list, but did not find one for field \"{}\".",
                                group.fields.front()->name),
                    *group.fields.front(), place);
            co_return std::nullopt;
        }
        json::array made;
        made.reserve(items->size());
        for (std::size_t i = 0; i < items->size(); ++i) {
            Place here{&place, {}, i};
            auto item = co_await complete(of, group, (*items)[i], here);
            if (!item) co_return std::nullopt;
            made.push_back(std::move(*item));
        }
        co_return made;
    }

    asio::awaitable<Completed> composite(const NamedType& type, const Group& group,
                                         const json::value& value, const Place& place) {
        const auto* object_type = &type;
        if (type.kind != TypeKind::object) object_type = object_behind(type, value);
        if (!object_type) {
            fail_at(
                fmt::format("Abstract type \"{}\" must resolve to an Object type at runtime for "
                            "field \"{}\".",
                            type.name, group.fields.front()->name),
                *group.fields.front(), place);
            co_return std::nullopt;
        }
        std::vector<const std::vector<Selection>*> selections;
        for (const auto* each : group.fields)
            selections.push_back(&each->selections);
        auto groups = collector_.collect(*object_type, selections);
        auto made = co_await object(*object_type, groups, value, place);
        if (!made) co_return std::nullopt;
        co_return json::value(std::move(*made));
    }

    // What the resolver says that it is.
    const NamedType* object_behind(const NamedType& type, const json::value& value) const {
        const auto* object = value.if_object();
        const auto* name = object ? object->if_contains("__typename") : nullptr;
        if (!name || !name->is_string()) return nullptr;
        const auto* found = schema_.find(name->get_string());
        return found && found->kind == TypeKind::object && schema_.may_be(type, *found) ? found
                                                                                        : nullptr;
    }

    const Schema& schema_;
    json::object variables_;
    Collector collector_;
    Context& context_;
    std::size_t values_left_;
    bool told_of_size_ = false;
    json::array errors_;
};

}  // namespace

asio::awaitable<json::object> execute(const Schema& schema, Request request, Context& context,
                                      ExecutionLimits limits) {
    auto document = parse(request.query, limits.parsing);
    if (!document) co_return refused({document.error()});
    if (auto errors = validate(schema, *document); !errors.empty()) co_return refused(errors);
    auto operation = choose(*document, request.operation_name);
    if (!operation) co_return refused({operation.error()});
    auto variables = coerce_variables(schema, **operation, request.variables);
    if (!variables) co_return refused(variables.error());
    Execution execution(schema, *document, std::move(*variables), context, limits.values);
    co_return co_await execution.run(**operation);
}

}  // namespace mw::graphql
