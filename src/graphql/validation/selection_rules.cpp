#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "graphql/schema/input_value.hpp"
#include "graphql/schema/meta_fields.hpp"
#include "graphql/validation/rules.hpp"

namespace mw::graphql {
namespace {

bool same_arguments(const Field& left, const Field& right) {
    if (left.arguments.size() != right.arguments.size()) return false;
    return std::ranges::all_of(left.arguments, [&](const Argument& argument) {
        auto other = std::ranges::find(right.arguments, argument.name, &Argument::name);
        return other != right.arguments.end() && to_text(other->value) == to_text(argument.value);
    });
}

// Whether a variable of this type may stand where that one is wanted.
bool fits(const Schema& schema, const TypeReference& variable, const TypeReference& place) {
    if (place.non_null && !variable.non_null) return false;
    if (bool(variable.of) != bool(place.of)) return false;
    if (variable.of) return fits(schema, *variable.of, *place.of);
    // Beyond the specification: every Int is a BigInt, and clients were written when ids were Int.
    return schema.find(variable.name) == schema.find(place.name) ||
           (variable.name == "Int" && place.name == "BigInt");
}

class SelectionRules {
  public:
    SelectionRules(const Schema& schema, const Document& document, Findings& findings)
        : schema_(schema), document_(document), findings_(findings) {}

    void check() {
        for (const auto& operation : document_.operations) {
            if (operation.kind != Operation::Kind::query) {
                findings_.add(
                    "Schema is not configured to execute this operation: only queries "
                    "are.",
                    {operation.at});
                continue;
            }
            variables_ = &operation.variables;
            entered_.clear();
            check_directives(operation.directives, "QUERY");
            selections(operation.selections, schema_.query());
            for (const auto& variable : operation.variables)
                check_default(variable);
        }
        variables_ = nullptr;
        for (const auto& fragment : document_.fragments)
            check_condition(fragment.on, fmt::format("Fragment \"{}\"", fragment.name),
                            fragment.at);
    }

  private:
    // One answer under one name: fields of the same key that say different things.
    using Keys = std::map<std::string, const Field*>;

    void selections(const std::vector<Selection>& list, const NamedType& parent) {
        Keys keys;
        selections(list, parent, keys);
    }

    void selections(const std::vector<Selection>& list, const NamedType& parent, Keys& keys) {
        for (const auto& selection : list) {
            if (const auto* each = std::get_if<Field>(&selection.is))
                field(*each, parent, keys);
            else if (const auto* spread = std::get_if<FragmentSpread>(&selection.is))
                fragment_spread(*spread, parent, keys);
            else
                inline_fragment(std::get<InlineFragment>(selection.is), parent, keys);
        }
    }

    void field(const Field& field, const NamedType& parent, Keys& keys) {
        check_directives(field.directives, "FIELD");
        const auto* type = find_field(schema_, parent, field.name);
        if (!type)
            return findings_.add(
                fmt::format("Cannot query field \"{}\" on type \"{}\".", field.name, parent.name),
                {field.at});
        check_merging(field, keys);
        check_arguments(field.arguments, type->arguments,
                        fmt::format("field \"{}.{}\"", parent.name, field.name),
                        fmt::format("Field \"{}\"", field.name), field.at);
        const auto& named = *schema_.find(name_of(type->type));
        if (!named.is_composite()) {
            if (!field.selections.empty())
                findings_.add(
                    fmt::format("Field \"{}\" must not have a selection since type \"{}\" has no "
                                "subfields.",
                                field.name, to_text(type->type)),
                    {field.at});
            return;
        }
        if (field.selections.empty())
            return findings_.add(
                fmt::format("Field \"{}\" of type \"{}\" must have a selection of subfields. Did "
                            "you mean \"{} {{ ... }}\"?",
                            field.name, to_text(type->type), field.name),
                {field.at});
        selections(field.selections, named);
    }

    void check_merging(const Field& field, Keys& keys) {
        auto [place, is_new] = keys.emplace(field.key(), &field);
        if (is_new) return;
        const auto& other = *place->second;
        std::string why;
        if (other.name != field.name)
            why = fmt::format("\"{}\" and \"{}\" are different fields", other.name, field.name);
        else if (!same_arguments(other, field))
            why = "they have differing arguments";
        if (why.empty()) return;
        findings_.add(fmt::format("Fields \"{}\" conflict because {}. Use different aliases on the "
                                  "fields to fetch both if this was intentional.",
                                  field.key(), why),
                      {other.at, field.at});
    }

    void fragment_spread(const FragmentSpread& spread, const NamedType& parent, Keys& keys) {
        check_directives(spread.directives, "FRAGMENT_SPREAD");
        const auto* fragment = document_.fragment(spread.name);
        if (!fragment)
            return findings_.add(fmt::format("Unknown fragment \"{}\".", spread.name), {spread.at});
        const auto* type = schema_.find(fragment->on);
        if (!type || !type->is_composite()) return;
        if (!schema_.may_be(parent, *type))
            findings_.add(fmt::format("Fragment \"{}\" cannot be spread here as objects of type "
                                      "\"{}\" can never be of type \"{}\".",
                                      spread.name, parent.name, type->name),
                          {spread.at});
        // Each once for each operation, or a request could make us look for ever.
        if (!entered_.insert(spread.name).second) return;
        check_directives(fragment->directives, "FRAGMENT_DEFINITION");
        selections(fragment->selections, *type, keys);
    }

    void inline_fragment(const InlineFragment& fragment, const NamedType& parent, Keys& keys) {
        check_directives(fragment.directives, "INLINE_FRAGMENT");
        if (fragment.on.empty()) return selections(fragment.selections, parent, keys);
        if (!check_condition(fragment.on, "Fragment", fragment.at)) return;
        const auto& type = *schema_.find(fragment.on);
        if (!schema_.may_be(parent, type))
            findings_.add(
                fmt::format("Fragment cannot be spread here as objects of type \"{}\" can "
                            "never be of type \"{}\".",
                            parent.name, type.name),
                {fragment.at});
        // Objects of different types may answer differently under one name.
        Keys own;
        selections(fragment.selections, type, own);
    }

    bool check_condition(const std::string& name, const std::string& what, Location at) {
        const auto* type = schema_.find(name);
        if (!type)
            findings_.add(fmt::format("Unknown type \"{}\".", name), {at});
        else if (!type->is_composite())
            findings_.add(
                fmt::format("{} cannot condition on non composite type \"{}\".", what, name), {at});
        return type && type->is_composite();
    }

    void check_directives(const std::vector<Directive>& directives, std::string_view place) {
        std::set<std::string> seen;
        for (const auto& directive : directives) {
            const auto* known = find_directive(directive.name);
            if (!known) {
                findings_.add(fmt::format("Unknown directive \"@{}\".", directive.name),
                              {directive.at});
                continue;
            }
            bool allowed =
                place == "FIELD" || place == "FRAGMENT_SPREAD" || place == "INLINE_FRAGMENT";
            if (!allowed)
                findings_.add(
                    fmt::format("Directive \"@{}\" may not be used on {}.", directive.name, place),
                    {directive.at});
            if (!seen.insert(directive.name).second)
                findings_.add(fmt::format("The directive \"@{}\" can only be used once at this "
                                          "location.",
                                          directive.name),
                              {directive.at});
            check_arguments(directive.arguments, known->arguments,
                            fmt::format("directive \"@{}\"", directive.name),
                            fmt::format("Directive \"@{}\"", directive.name), directive.at);
        }
    }

    void check_arguments(const std::vector<Argument>& given, const std::vector<InputType>& known,
                         const std::string& on, const std::string& owner, Location at) {
        std::set<std::string> seen;
        for (const auto& argument : given) {
            if (!seen.insert(argument.name).second)
                findings_.add(
                    fmt::format("There can be only one argument named \"{}\".", argument.name),
                    {argument.at});
            auto type = std::ranges::find(known, argument.name, &InputType::name);
            if (type == known.end())
                findings_.add(fmt::format("Unknown argument \"{}\" on {}.", argument.name, on),
                              {argument.at});
            else
                check_value(argument.value, *type);
        }
        for (const auto& each : known)
            if (each.type.non_null && !each.otherwise && !seen.contains(each.name))
                findings_.add(fmt::format("{} argument \"{}\" of type \"{}\" is required, but it "
                                          "was not provided.",
                                          owner, each.name, to_text(each.type)),
                              {at});
    }

    // Of what the variables hold nothing is known yet: their types must do.
    void check_value(const Value& value, const InputType& place) {
        if (value.kind == Value::Kind::variable)
            return check_variable(value, place.type, place.otherwise.has_value());
        json::object stand_ins;
        bool uses_variables = false;
        check_inner_variables(value, place.type, uses_variables);
        if (uses_variables) return;
        auto coerced = coerce_literal(schema_, place.type, value, stand_ins);
        if (!coerced) findings_.add(coerced.error().message, coerced.error().locations);
    }

    void check_inner_variables(const Value& value, const TypeReference& type, bool& any) {
        for (const auto& item : value.items) {
            const auto& of = type.of ? *type.of : type;
            if (item.kind == Value::Kind::variable) {
                any = true;
                check_variable(item, of, false);
            } else {
                check_inner_variables(item, of, any);
            }
        }
        const auto* named = schema_.find(name_of(type));
        for (const auto& [name, field] : value.fields) {
            const auto* input = named ? named->find_input(name) : nullptr;
            if (!input) continue;
            if (field.kind == Value::Kind::variable) {
                any = true;
                check_variable(field, input->type, input->otherwise.has_value());
            } else {
                check_inner_variables(field, input->type, any);
            }
        }
    }

    void check_variable(const Value& value, const TypeReference& place, bool has_default) {
        if (!variables_) return;
        auto variable = std::ranges::find(*variables_, value.text, &VariableDefinition::name);
        if (variable == variables_->end()) return;
        auto wanted = place;
        // A default stands in for what is null or not there.
        bool never_null = variable->otherwise && variable->otherwise->kind != Value::Kind::null;
        if (never_null || has_default) wanted.non_null = false;
        if (fits(schema_, variable->type, wanted)) return;
        findings_.add(
            fmt::format("Variable \"${}\" of type \"{}\" used in position expecting type \"{}\".",
                        value.text, to_text(variable->type), to_text(place)),
            {variable->at, value.at});
    }

    void check_default(const VariableDefinition& variable) {
        const auto* type = schema_.find(name_of(variable.type));
        if (!variable.otherwise || !type || !type->is_input()) return;
        auto coerced = coerce_literal(schema_, variable.type, *variable.otherwise, {});
        if (!coerced) findings_.add(coerced.error().message, coerced.error().locations);
    }

    const Schema& schema_;
    const Document& document_;
    Findings& findings_;
    const std::vector<VariableDefinition>* variables_ = nullptr;
    std::set<std::string> entered_;
};

}  // namespace

void check_selections(const Schema& schema, const Document& document, Findings& findings) {
    SelectionRules(schema, document, findings).check();
}

}  // namespace mw::graphql
