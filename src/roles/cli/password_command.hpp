// `millwright admin reset-password`: a link by which somebody sets a new password, for whoever
// nobody else may let in.
#pragma once

#include <string>

#include "base/layout.hpp"

namespace mw::cli {

struct PasswordOptions {
    std::string email;
    bool remove_second_factor = false;
    bool allow_passwords = false;
};

// Prints the link, which is good once and for a day. The process's exit code.
int reset_password(const Layout& layout, const PasswordOptions& options);

}  // namespace mw::cli
