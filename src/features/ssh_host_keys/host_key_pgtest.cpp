#include "features/ssh_host_keys/host_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/ssh_host_keys/host_key_store.hpp"

namespace mw::ssh_host_keys {
namespace {

using testing::HasSubstr;

constexpr auto kKey = "AAAAC3NzaC1lZDI1NTE5AAAAILs/mGqaVRo2mUfNJ8mrfEubswc3QvEgabD+U79enVPm";
constexpr auto kOther = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

class SshHostKeys : public testing::Test {
  protected:
    SshHostKeys() {
        add_host_key_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/ssh-host-keys/", account_);
    }
    void seen(std::string host, std::string key, int port = 22) {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return pin(tx, account_, "run 7", {{host, port, "ssh-ed25519", key}});
            });
        });
    }
    std::vector<SeenKey> pinned() {
        return world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return find_pinned(tx, account_); });
        });
    }
    std::string audited() {
        return world_.value<std::string>(
            "SELECT coalesce(string_agg(event, ' ' ORDER BY id), '') AS v FROM audit_log");
    }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(SshHostKeys, AreListedWithTheirFingerprints) {
    seen("git.example.com", kKey);
    seen("git.example.com", kOther, 2222);
    auto listed = world_.get(path_).data().as_array();
    ASSERT_EQ(listed.size(), 2U);
    const auto& first = listed.at(0);
    EXPECT_EQ(first.at("hostname"), "git.example.com");
    EXPECT_EQ(first.at("port"), 22);
    EXPECT_EQ(first.at("key_type"), "ssh-ed25519");
    EXPECT_EQ(first.at("fingerprint"), "SHA256:DP2r6T/UQvMS/7lrAF7mxPDrQIDQR11bTmNCj1lybtE");
    EXPECT_EQ(first.at("public_key").as_string(), std::string("ssh-ed25519 ") + kKey);
    EXPECT_TRUE(first.at("first_seen_at").is_string());
    EXPECT_EQ(audited(), "ssh_host_key.created ssh_host_key.created");
    EXPECT_EQ(world_.post(path_, "{}").status, 405);
}

TEST_F(SshHostKeys, TheFirstStaysUntilItIsForgotten) {
    seen("git.example.com", kKey);
    seen("git.example.com", kOther);
    ASSERT_EQ(pinned().size(), 1U);
    EXPECT_EQ(pinned().at(0).public_key, kKey);
    auto id = world_.get(path_).data().at(0).at("id").to_number<Id>();
    EXPECT_EQ(world_.call("DELETE", fmt::format("{}{}/", path_, id)).status, 200);
    EXPECT_TRUE(pinned().empty());
    EXPECT_TRUE(world_.get(path_).data().as_array().empty());
    seen("git.example.com", kOther);
    EXPECT_EQ(pinned().at(0).public_key, kOther);
    EXPECT_EQ(audited(), "ssh_host_key.created ssh_host_key.deleted ssh_host_key.created");
}

TEST_F(SshHostKeys, AreAnAccountsOwn) {
    seen("git.example.com", kKey);
    auto id = world_.get(path_).data().at(0).at("id").to_number<Id>();
    auto other = world_.account();
    world_.act_as(other);
    auto path = fmt::format("/api/v3/accounts/{}/ssh-host-keys/", other);
    EXPECT_TRUE(world_.get(path).data().as_array().empty());
    EXPECT_EQ(world_.call("DELETE", fmt::format("{}{}/", path, id)).status, 404);
    EXPECT_EQ(pinned().size(), 1U);
}

}  // namespace
}  // namespace mw::ssh_host_keys
