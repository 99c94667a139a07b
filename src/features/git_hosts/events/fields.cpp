#include "features/git_hosts/events/fields.hpp"

#include <algorithm>
#include <cctype>

#include "base/storable_text.hpp"

namespace mw::git_hosts::events {
namespace {

// Longer than any title, branch or name that a host lets one give.
constexpr std::size_t kTextBytesMax = 4096;

bool begins_with(std::string_view text, std::string_view lower_prefix) {
    return text.size() >= lower_prefix.size() &&
           std::ranges::equal(
               text.substr(0, lower_prefix.size()), lower_prefix,
               [](unsigned char c, unsigned char lower) { return std::tolower(c) == lower; });
}

}  // namespace

const object& object_at(const object& from, std::string_view name) {
    static const object kNone;
    const auto* value = from.if_contains(name);
    return value && value->is_object() ? value->get_object() : kNone;
}

const boost::json::array& array_at(const object& from, std::string_view name) {
    static const boost::json::array kNone;
    const auto* value = from.if_contains(name);
    return value && value->is_array() ? value->get_array() : kNone;
}

std::int64_t number_at(const object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value && value->is_int64() ? value->get_int64() : 0;
}

bool flag_at(const object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

std::string text_at(const object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value && value->is_string() ? storable_text(value->get_string(), kTextBytesMax)
                                       : std::string();
}

std::string branch_of(std::string_view ref) {
    constexpr std::string_view kBranches = "refs/heads/";
    return ref.starts_with(kBranches) ? std::string(ref.substr(kBranches.size())) : std::string();
}

bool is_no_commit(std::string_view sha) {
    return sha.find_first_not_of('0') == sha.npos;
}

bool has_draft_title(std::string_view title) {
    for (std::string_view prefix : {"wip:", "[wip]", "draft:", "[draft]", "(draft)"})
        if (begins_with(title, prefix)) return true;
    return false;
}

void add_urls(const object& from, std::initializer_list<std::string_view> names,
              EventRepository& to) {
    for (auto name : names)
        if (auto url = text_at(from, name); !url.empty()) to.clone_urls.push_back(std::move(url));
}

}  // namespace mw::git_hosts::events
