#include "roles/cli/password_command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "roles/cli/operator_session.hpp"

namespace mw::cli {

int reset_password(const Layout& layout, const PasswordOptions& options) {
    auto made =
        ask_operator(layout, "POST", "password-resets/",
                     boost::json::object{{"email", options.email},
                                         {"remove_second_factor", options.remove_second_factor},
                                         {"allow_passwords", options.allow_passwords}});
    if (made) {
        fmt::print("{}\n", std::string_view(made->at("link").as_string()));
        return 0;
    }
    fmt::print(stderr, "millwright: {}\n", made.error().message);
    return 1;
}

}  // namespace mw::cli
