#include "graphql/execution/collect.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace mw::graphql {

struct Collector::State {
    const NamedType& object;
    std::vector<Group> groups = {};
    std::unordered_map<std::string, std::size_t> places = {};
    std::set<std::string> entered = {};
};

bool Collector::applies(const NamedType& object, const std::string& condition) const {
    if (condition.empty() || condition == object.name) return true;
    const auto* type = schema_.find(condition);
    return type && contains(schema_.objects_of(*type), object.name);
}

// Of @skip and @include; validated, so that a value is there.
bool Collector::wanted(const std::vector<Directive>& directives) const {
    for (const auto& directive : directives) {
        if (directive.arguments.empty()) continue;
        const auto& value = directive.arguments[0].value;
        bool holds = value.text == "true";
        if (value.kind == Value::Kind::variable) {
            const auto* given = variables_.if_contains(value.text);
            holds = given && given->is_bool() && given->get_bool();
        }
        if (directive.name == "skip" && holds) return false;
        if (directive.name == "include" && !holds) return false;
    }
    return true;
}

void Collector::into(State& state, const std::vector<Selection>& selections) const {
    for (const auto& selection : selections) {
        if (const auto* field = std::get_if<Field>(&selection.is)) {
            if (!wanted(field->directives)) continue;
            auto [place, is_new] = state.places.emplace(field->key(), state.groups.size());
            if (is_new) state.groups.push_back({field->key(), {}});
            state.groups[place->second].fields.push_back(field);
        } else if (const auto* spread = std::get_if<FragmentSpread>(&selection.is)) {
            if (!wanted(spread->directives)) continue;
            const auto* fragment = document_.fragment(spread->name);
            if (!fragment || !applies(state.object, fragment->on)) continue;
            if (state.entered.insert(spread->name).second) into(state, fragment->selections);
        } else {
            const auto& fragment = std::get<InlineFragment>(selection.is);
            if (wanted(fragment.directives) && applies(state.object, fragment.on))
                into(state, fragment.selections);
        }
    }
}

std::vector<Group> Collector::collect(
    const NamedType& object, const std::vector<const std::vector<Selection>*>& selections) const {
    State state{object};
    for (const auto* each : selections)
        into(state, *each);
    return std::move(state.groups);
}

}  // namespace mw::graphql
