// Fetches what a checkout names in its .gitmodules, and what that names in turn: each as one
// commit, by the same ways and within the same limits as the repository itself.
//
// Errors: as direct.hpp, with a sentence that names the submodule; invalid_argument for one that is
// not allowed.
#pragma once

#include <functional>

#include "roles/runner/git/git_program.hpp"

namespace mw::runner {

class Submodules {
  public:
    // Checks a source out in its folder.
    using Get = std::function<boost::asio::awaitable<result<Found>>(Source)>;

    Submodules(Git::Setting setting, Get get) : setting_(setting), get_(std::move(get)) {}

    // Of the checkout in `folder`, which came from `url`.
    boost::asio::awaitable<result<>> fetch_all(std::string folder, std::string url, int depth = 0);

  private:
    struct Wanted {
        std::string name;  // its path, from the repository's top
        std::string url;   // as it is written
        Source source;
    };
    boost::asio::awaitable<result<std::vector<Wanted>>> list(std::string folder);
    boost::asio::awaitable<result<>> fetch_one(Wanted wanted, std::string parent_url, int depth);
    bool lies_in(const std::string& folder) const;

    Git::Setting setting_;
    Get get_;
    int count_ = 0;
};

}  // namespace mw::runner
