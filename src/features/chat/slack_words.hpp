// What Slack's short words for errors mean: for whoever reads them, and for the message. Pure.
#pragma once

#include <string>
#include <string_view>

#include "features/chat/outcome.hpp"

namespace mw::chat {

// Of an answer with "ok": false. What is not known may pass.
Outcome outcome_of(std::string_view error);

// In "chat:write,channels:read".
bool has_scope(std::string_view scopes, std::string_view scope);

}  // namespace mw::chat
