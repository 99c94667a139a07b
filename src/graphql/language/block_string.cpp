#include "graphql/language/block_string.hpp"

#include <algorithm>
#include <optional>

namespace mw::graphql {
namespace {

std::size_t indentation(const std::string& line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

}  // namespace

std::string dedented(std::vector<std::string> lines) {
    std::optional<std::size_t> shared;
    std::optional<std::size_t> first;
    std::size_t last = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto indent = indentation(lines[i]);
        if (indent == lines[i].size()) continue;
        if (!first) first = i;
        last = i;
        if (i != 0) shared = std::min(shared.value_or(indent), indent);
    }
    if (!first) return {};
    std::string value;
    for (auto i = *first; i <= last; ++i) {
        auto cut = i == 0 ? 0 : std::min(shared.value_or(0), lines[i].size());
        if (i != *first) value += '\n';
        value += lines[i].substr(cut);
    }
    return value;
}

}  // namespace mw::graphql
