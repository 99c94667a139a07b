#include "features/auth/known_owners.hpp"

namespace mw::auth {
namespace {

constexpr std::chrono::seconds kKept{5};
constexpr std::size_t kMost = 1000;

}  // namespace

const TokenOwner* KnownOwners::find(const std::string& key, Moment now) const {
    auto known = owners_.find(key);
    return known == owners_.end() || known->second.until <= now ? nullptr : &known->second.owner;
}

void KnownOwners::keep(std::string key, TokenOwner owner, std::uint64_t count, Moment now) {
    if (!listening_ || count != forgotten_) return;
    if (owners_.size() >= kMost) owners_.clear();
    owners_.insert_or_assign(std::move(key), Known{std::move(owner), now + kKept});
}

void KnownOwners::forget_all() {
    owners_.clear();
    ++forgotten_;
}

void KnownOwners::listen(bool listening) {
    listening_ = listening;
    forget_all();
}

}  // namespace mw::auth
