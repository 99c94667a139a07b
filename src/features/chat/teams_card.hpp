// What a channel of Microsoft Teams is told: a message with an Adaptive Card, as the trigger "When
// a Teams webhook request is received" of Power Automate takes it. Pure.
//
// What people and dbt have written stands in RichTextBlocks, which know no Markdown.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "features/mail/run_facts.hpp"

namespace mw::chat {

// `public_url` is "https://host[:port]" without a slash at its end.
boost::json::object teams_message(const mail::RunReport& report, std::string_view public_url);
boost::json::object teams_test(std::string_view asked_by, std::string_view public_url);

}  // namespace mw::chat
