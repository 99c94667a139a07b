#include "features/auth/known_owners.hpp"

#include <gtest/gtest.h>

namespace mw::auth {
namespace {

using namespace std::chrono_literals;

class KnownOwnersTest : public testing::Test {
  protected:
    KnownOwnersTest() { known_.listen(true); }
    void keep(std::string key, Id account) {
        TokenOwner owner;
        owner.account_id = account;
        known_.keep(std::move(key), owner, known_.count(), now_);
    }
    Id account_of(const std::string& key) {
        const auto* found = known_.find(key, now_);
        return found ? found->account_id : 0;
    }

    KnownOwners known_;
    KnownOwners::Moment now_ = KnownOwners::Moment{} + 1h;
};

TEST_F(KnownOwnersTest, AreKeptForAMoment) {
    keep("a", 7);
    EXPECT_EQ(account_of("a"), 7);
    EXPECT_EQ(account_of("b"), 0);
    now_ += 5s;
    EXPECT_EQ(account_of("a"), 0);
}

TEST_F(KnownOwnersTest, AreForgottenAfterAnyChange) {
    keep("a", 7);
    known_.forget_all();
    EXPECT_EQ(account_of("a"), 0);
}

TEST_F(KnownOwnersTest, WhatWasLookedUpBeforeAChangeIsNotKept) {
    auto before = known_.count();
    known_.forget_all();
    known_.keep("a", {}, before, now_);
    EXPECT_EQ(known_.find("a", now_), nullptr);
}

TEST_F(KnownOwnersTest, NothingIsKeptWhileChangesAreNotTold) {
    keep("a", 7);
    known_.listen(false);
    EXPECT_EQ(account_of("a"), 0);
    keep("a", 7);
    EXPECT_EQ(account_of("a"), 0);
}

TEST_F(KnownOwnersTest, AreOnlySoMany) {
    for (int i = 0; i < 5000; ++i)
        keep(std::to_string(i), 1);
    int kept = 0;
    for (int i = 0; i < 5000; ++i)
        kept += account_of(std::to_string(i)) != 0 ? 1 : 0;
    EXPECT_LE(kept, 1000);
    EXPECT_EQ(account_of("4999"), 1);
}

}  // namespace
}  // namespace mw::auth
