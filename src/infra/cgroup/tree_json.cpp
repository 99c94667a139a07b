#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "infra/cgroup/tree.hpp"

namespace mw::cgroup {
namespace {

namespace json = boost::json;

constexpr std::size_t kTreeFileMaxBytes = 64UL * 1024;

std::optional<Controller> controller_of(std::string_view name) {
    for (auto controller : kControllers)
        if (name_of(controller) == name) return controller;
    return std::nullopt;
}

result<Place> parse_place(const json::value& value) {
    JsonReader in(value);
    std::int64_t version = 0;
    std::string folder;
    std::vector<std::string> names;
    in.required("version", version, {1, 2});
    in.required("folder", folder);
    in.keep("controllers", names);
    MW_CHECK(in.finish());
    Place place{version == 1 ? Version::v1 : Version::v2, {}, folder};
    if (!place.folder.is_absolute()) return fail_field("folder", "must be an absolute path");
    for (const auto& name : names)
        if (auto controller = controller_of(name)) place.controllers.push_back(*controller);
    return place;
}

result<Obstacle> parse_obstacle(const json::value& value) {
    JsonReader in(value);
    std::string name;
    Obstacle obstacle;
    in.required("controller", name);
    in.required("why", obstacle.why);
    MW_CHECK(in.finish());
    auto controller = controller_of(name);
    if (!controller) return fail_field("controller", "is unknown");
    obstacle.controller = *controller;
    return obstacle;
}

template <class Item>
result<std::vector<Item>> parse_list(const json::value& tree, const char* field,
                                     result<Item> (*parse)(const json::value&)) {
    const auto* list = tree.is_object() ? tree.get_object().if_contains(field) : nullptr;
    if (!list || !list->is_array()) return fail_field(field, "must be a list");
    std::vector<Item> items;
    for (const auto& value : list->get_array()) {
        MW_TRY(auto item, parse(value));
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

json::object to_json(const Tree& tree) {
    json::array places;
    for (const auto& place : tree.places) {
        json::array controllers;
        for (auto controller : place.controllers)
            controllers.push_back(json::string(name_of(controller)));
        places.push_back(json::object{{"version", static_cast<int>(place.version)},
                                      {"controllers", std::move(controllers)},
                                      {"folder", place.folder.string()}});
    }
    json::array obstacles;
    for (const auto& obstacle : tree.obstacles)
        obstacles.push_back(
            json::object{{"controller", name_of(obstacle.controller)}, {"why", obstacle.why}});
    return {{"places", std::move(places)}, {"obstacles", std::move(obstacles)}};
}

result<Tree> parse_tree(const json::value& value) {
    Tree tree;
    MW_TRY(tree.places, parse_list(value, "places", parse_place));
    MW_TRY(tree.obstacles, parse_list(value, "obstacles", parse_obstacle));
    return tree;
}

result<Tree> read_tree(const std::filesystem::path& file) {
    MW_TRY(auto text, read_file(file, kTreeFileMaxBytes));
    MW_TRY(auto value, parse_json(text));
    return parse_tree(value);
}

result<> write_tree(const std::filesystem::path& file, const Tree& tree) {
    return write_file_atomically(file, json::serialize(to_json(tree)) + "\n", 0600);
}

}  // namespace mw::cgroup
