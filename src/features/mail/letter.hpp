// The words of letters: a text and the same as HTML, plain and readable in both. Pure.
#pragma once

#include <string>
#include <string_view>

#include "features/mail/mail_store.hpp"
#include "features/mail/run_facts.hpp"

namespace mw::mail {

// `public_url` is "https://host[:port]" without a slash at its end. `unsubscribe_link` may be
// empty.
Content run_letter(const RunReport& report, std::string_view public_url,
                   std::string_view unsubscribe_link);
// To an owner of models: what a run did to them.
Content models_letter(const RunFacts& run, const std::vector<TroubledNode>& nodes,
                      std::string_view public_url);
Content invitation_letter(std::string_view account_name, std::string_view invited_by,
                          std::string_view link);
Content password_reset_letter(std::string_view link);
// `workspace`: which of Slack's; `link`: where it is connected again.
Content chat_broken_letter(std::string_view workspace, std::string_view reason,
                           std::string_view link);
Content test_letter(std::string_view public_url);

}  // namespace mw::mail
