// Owners of tokens that asked a moment ago, so that a program that asks again and again is not
// looked up each time. Pure; one io thread. Time is a parameter.
//
// Whoever changes what a token may do forgets them all: the database tells (migrations/0024), and
// the app itself after each request that changes something. That a change was not told of is made
// up for by how short they are kept.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "features/auth/auth_store.hpp"

namespace mw::auth {

class KnownOwners {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    const TokenOwner* find(const std::string& key, Moment now) const;
    // What was looked up at `count`; nothing is kept if they were forgotten since.
    void keep(std::string key, TokenOwner owner, std::uint64_t count, Moment now);
    void forget_all();
    // How often they were forgotten.
    std::uint64_t count() const { return forgotten_; }
    // Nothing is kept while it is not known that changes are told.
    void listen(bool listening);

  private:
    struct Known {
        TokenOwner owner;
        Moment until;
    };
    std::unordered_map<std::string, Known> owners_;
    std::uint64_t forgotten_ = 0;
    bool listening_ = false;
};

}  // namespace mw::auth
