#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "graphql/validation/rules.hpp"

namespace mw::graphql {
namespace {

struct Use {
    std::string name;
    Location at;
};

// What selections use, directly and through fragments, which are each looked into once.
struct Uses {
    std::vector<Use> variables;
    std::vector<Use> fragments;
};

void collect(const Value& value, Uses& uses) {
    if (value.kind == Value::Kind::variable) uses.variables.push_back({value.text, value.at});
    for (const auto& item : value.items)
        collect(item, uses);
    for (const auto& [name, field] : value.fields)
        collect(field, uses);
}

void collect(const std::vector<Argument>& arguments, Uses& uses) {
    for (const auto& argument : arguments)
        collect(argument.value, uses);
}

void collect(const std::vector<Directive>& directives, Uses& uses) {
    for (const auto& directive : directives)
        collect(directive.arguments, uses);
}

void collect(const std::vector<Selection>& selections, Uses& uses) {
    for (const auto& selection : selections) {
        if (const auto* field = std::get_if<Field>(&selection.is)) {
            collect(field->arguments, uses);
            collect(field->directives, uses);
            collect(field->selections, uses);
        } else if (const auto* spread = std::get_if<FragmentSpread>(&selection.is)) {
            uses.fragments.push_back({spread->name, spread->at});
            collect(spread->directives, uses);
        } else {
            const auto& fragment = std::get<InlineFragment>(selection.is);
            collect(fragment.directives, uses);
            collect(fragment.selections, uses);
        }
    }
}

class DocumentRules {
  public:
    DocumentRules(const Schema& schema, const Document& document, Findings& findings)
        : schema_(schema), document_(document), findings_(findings) {}

    void check() {
        check_operation_names();
        check_fragment_names();
        for (const auto& fragment : document_.fragments)
            collect(fragment.selections, of_fragment_[fragment.name]);
        check_cycles();
        for (const auto& operation : document_.operations)
            check_operation(operation);
        check_unused_fragments();
    }

  private:
    void check_operation_names() {
        std::map<std::string, Location> seen;
        for (const auto& operation : document_.operations) {
            if (operation.name.empty()) {
                if (document_.operations.size() > 1)
                    findings_.add("This anonymous operation must be the only defined operation.",
                                  {operation.at});
                continue;
            }
            auto [place, is_new] = seen.emplace(operation.name, operation.at);
            if (!is_new)
                findings_.add(
                    fmt::format("There can be only one operation named \"{}\".", operation.name),
                    {place->second, operation.at});
        }
    }

    void check_fragment_names() {
        std::map<std::string, Location> seen;
        for (const auto& fragment : document_.fragments) {
            auto [place, is_new] = seen.emplace(fragment.name, fragment.at);
            if (!is_new)
                findings_.add(
                    fmt::format("There can be only one fragment named \"{}\".", fragment.name),
                    {place->second, fragment.at});
        }
    }

    // Each fragment is entered once; what it meets on its own way leads round.
    void check_cycles() {
        std::set<std::string> done;
        for (const auto& fragment : document_.fragments) {
            std::vector<std::string> way;
            follow(fragment.name, way, done);
        }
    }

    void follow(const std::string& name, std::vector<std::string>& way,
                std::set<std::string>& done) {
        if (done.contains(name) || !of_fragment_.contains(name)) return;
        way.push_back(name);
        for (const auto& use : of_fragment_.at(name).fragments) {
            auto met = std::ranges::find(way, use.name);
            if (met == way.end()) {
                follow(use.name, way, done);
                continue;
            }
            std::string via;
            for (auto each = met + 1; each != way.end(); ++each)
                via += fmt::format("{}\"{}\"", via.empty() ? " via " : ", ", *each);
            findings_.add(
                fmt::format("Cannot spread fragment \"{}\" within itself{}.", use.name, via),
                {use.at});
        }
        way.pop_back();
        done.insert(name);
    }

    // Everything that an operation uses, through whatever fragments.
    Uses all_of(const Operation& operation) {
        Uses uses;
        collect(operation.directives, uses);
        collect(operation.selections, uses);
        std::set<std::string> entered;
        for (std::size_t i = 0; i < uses.fragments.size(); ++i) {
            auto name = uses.fragments[i].name;
            if (!of_fragment_.contains(name) || !entered.insert(name).second) continue;
            const auto& more = of_fragment_.at(name);
            uses.variables.insert(uses.variables.end(), more.variables.begin(),
                                  more.variables.end());
            uses.fragments.insert(uses.fragments.end(), more.fragments.begin(),
                                  more.fragments.end());
        }
        used_fragments_.insert(entered.begin(), entered.end());
        return uses;
    }

    void check_operation(const Operation& operation) {
        auto uses = all_of(operation);
        std::map<std::string, Location> defined;
        auto in = operation.name.empty() ? std::string()
                                         : fmt::format(" in operation \"{}\"", operation.name);
        for (const auto& variable : operation.variables) {
            check_definition(variable);
            auto [place, is_new] = defined.emplace(variable.name, variable.at);
            if (!is_new)
                findings_.add(
                    fmt::format("There can be only one variable named \"${}\".", variable.name),
                    {place->second, variable.at});
            if (std::ranges::none_of(uses.variables,
                                     [&](const Use& use) { return use.name == variable.name; }))
                findings_.add(fmt::format("Variable \"${}\" is never used{}.", variable.name, in),
                              {variable.at});
        }
        auto by = operation.name.empty() ? std::string()
                                         : fmt::format(" by operation \"{}\"", operation.name);
        for (const auto& use : uses.variables)
            if (!defined.contains(use.name))
                findings_.add(fmt::format("Variable \"${}\" is not defined{}.", use.name, by),
                              {use.at, operation.at});
    }

    void check_definition(const VariableDefinition& variable) {
        const auto* type = schema_.find(name_of(variable.type));
        if (!type)
            findings_.add(fmt::format("Unknown type \"{}\".", name_of(variable.type)),
                          {variable.at});
        else if (!type->is_input())
            findings_.add(fmt::format("Variable \"${}\" cannot be non-input type \"{}\".",
                                      variable.name, to_text(variable.type)),
                          {variable.at});
    }

    void check_unused_fragments() {
        for (const auto& fragment : document_.fragments)
            if (!used_fragments_.contains(fragment.name))
                findings_.add(fmt::format("Fragment \"{}\" is never used.", fragment.name),
                              {fragment.at});
    }

    const Schema& schema_;
    const Document& document_;
    Findings& findings_;
    std::map<std::string, Uses> of_fragment_;
    std::set<std::string> used_fragments_;
};

}  // namespace

void check_document(const Schema& schema, const Document& document, Findings& findings) {
    DocumentRules(schema, document, findings).check();
}

}  // namespace mw::graphql
