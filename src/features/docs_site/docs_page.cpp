#include "features/docs_site/docs_page.hpp"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

namespace mw::docs_site {
namespace {

struct Place {
    std::string_view marker;
    std::string_view file;
};

// What dbt itself replaces for `--static`.
constexpr Place kPlaces[] = {{"\"MANIFEST.JSON INLINE DATA\"", "manifest.json"},
                             {"\"CATALOG.JSON INLINE DATA\"", "catalog.json"}};

struct Repair {
    std::string_view is;
    std::string_view should_be;
};

// What a page without an origin of its own complains of: addresses that are templates until its
// script has run, and an icon that was never built in.
constexpr Repair kRepairs[] = {
    {"xlink:href=\"{{", "ng-attr-href=\"{{"},
    {"href=\"${require('./assets/favicons/favicon.ico')}\"", "href=\"data:,\""}};

std::string repaired(std::string_view text) {
    std::string whole(text);
    for (const auto& [is, should_be] : kRepairs)
        boost::algorithm::replace_all(whole, is, should_be);
    return whole;
}

}  // namespace

result<std::vector<Part>> parts_of_page(std::string_view index_html) {
    struct Found {
        std::size_t at;
        const Place* place;
    };
    std::vector<Found> found;
    for (const auto& place : kPlaces) {
        auto at = index_html.find(place.marker);
        if (at == index_html.npos)
            return fail(Errc::not_found,
                        "The run's index.html is not a page of dbt 1.7 or newer, which its "
                        "manifest and catalog could be shown in.");
        found.push_back({at, &place});
    }
    std::ranges::sort(found, {}, &Found::at);
    std::vector<Part> parts;
    std::size_t after = 0;
    for (const auto& [at, place] : found) {
        parts.push_back({repaired(index_html.substr(after, at - after)), {}});
        parts.push_back({{}, std::string(place->file)});
        after = at + place->marker.size();
    }
    parts.push_back({repaired(index_html.substr(after)), {}});
    return parts;
}

std::string in_script(std::string json) {
    if (json.find('<') == json.npos) return json;
    std::string safe;
    safe.reserve(json.size() + json.size() / 16);
    for (char c : json) {
        // Of JSON, only strings hold it.
        if (c == '<')
            safe += "\\u003c";
        else
            safe += c;
    }
    return safe;
}

}  // namespace mw::docs_site
