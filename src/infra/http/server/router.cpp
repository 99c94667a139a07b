#include "infra/http/server/router.hpp"

#include <fmt/format.h>

namespace mw::http {
namespace {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    std::size_t pos = 0;
    while (pos < path.size()) {
        if (path[pos] == '/') {
            ++pos;
            continue;
        }
        auto end = path.find('/', pos);
        if (end == path.npos) end = path.size();
        segments.emplace_back(path.substr(pos, end - pos));
        pos = end;
    }
    return segments;
}

}  // namespace

std::vector<Router::Segment> Router::split_pattern(std::string_view pattern) {
    std::vector<Segment> segments;
    for (auto& text : split_path(pattern)) {
        if (text.starts_with('{') && text.ends_with("...}"))
            segments.push_back({text.substr(1, text.size() - 5), true, true});
        else if (text.starts_with('{'))
            segments.push_back({text.substr(1, text.size() - 2), true, false});
        else
            segments.push_back({std::move(text), false, false});
    }
    return segments;
}

void Router::add(std::string method, std::string pattern, Handler handler, BodyPolicy body) {
    patterns_.push_back(split_pattern(pattern));
    routes_.push_back({std::move(method), std::move(pattern), body, std::move(handler), {}});
}

void Router::add_websocket(std::string pattern, WebSocketHandler handler) {
    patterns_.push_back(split_pattern(pattern));
    routes_.push_back({"GET", std::move(pattern), {}, {}, std::move(handler)});
}

bool Router::matches(const std::vector<Segment>& pattern, const std::vector<std::string>& path,
                     std::map<std::string, std::string, std::less<>>& params) {
    params.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i].is_rest) {
            if (i >= path.size()) return false;
            std::string rest = path[i];
            for (std::size_t j = i + 1; j < path.size(); ++j)
                rest += "/" + path[j];
            params[pattern[i].text] = std::move(rest);
            return true;
        }
        if (i >= path.size()) return false;
        if (pattern[i].is_param)
            params[pattern[i].text] = path[i];
        else if (pattern[i].text != path[i])
            return false;
    }
    return pattern.size() == path.size();
}

result<const Route*> Router::match(std::string_view method, std::string_view path,
                                   std::map<std::string, std::string, std::less<>>& params) const {
    auto segments = split_path(path);
    bool path_known = false;
    // Literal segments win over parameters: routes are few, so the best of all matches is taken.
    const Route* best = nullptr;
    std::size_t best_literals = 0;
    std::map<std::string, std::string, std::less<>> found;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (!matches(patterns_[i], segments, found)) continue;
        path_known = true;
        if (routes_[i].method != method && !(method == "HEAD" && routes_[i].method == "GET"))
            continue;
        std::size_t literals = 0;
        for (const auto& segment : patterns_[i])
            literals += segment.is_param ? 0 : 1;
        if (best && literals <= best_literals) continue;
        best = &routes_[i];
        best_literals = literals;
        params = found;
    }
    if (best) return best;
    if (path_known)
        return fail(Errc::method_not_allowed,
                    fmt::format("{} is not a method of {}.", method, path));
    return fail(Errc::not_found, fmt::format("There is nothing at {}.", path));
}

}  // namespace mw::http
