// Members of a host's payload. What is missing, or of another type, is empty. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "features/git_hosts/event.hpp"

namespace mw::git_hosts::events {

using boost::json::object;

const object& object_at(const object& from, std::string_view name);
const boost::json::array& array_at(const object& from, std::string_view name);
std::int64_t number_at(const object& from, std::string_view name);
bool flag_at(const object& from, std::string_view name);
// Of a length, and without what the database does not hold.
std::string text_at(const object& from, std::string_view name);

// "refs/heads/main" is "main"; empty for what is no branch.
std::string branch_of(std::string_view ref);
// The id that stands for no commit: a branch that was made, or removed.
bool is_no_commit(std::string_view sha);
// By what people write before the title of what is not yet to be looked at.
bool has_draft_title(std::string_view title);

// Adds the members that are there.
void add_urls(const object& from, std::initializer_list<std::string_view> names,
              EventRepository& to);

}  // namespace mw::git_hosts::events
