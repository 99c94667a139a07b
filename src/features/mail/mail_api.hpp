// E-mail of an account, for the web application; and the page on which who is told of runs ends it.
#pragma once

#include "api/api.hpp"
#include "features/mail/mailer.hpp"

namespace mw::mail {

// `mailer` must outlive the router behind `api`.
void add_mail_endpoints(api::Api& api, pg::Pool& pool, Mailer& mailer, std::string public_url);

}  // namespace mw::mail
