#include "roles/runner/network/tunnel_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;

ProfileSpec profile(std::string adapter, boost::json::object connection,
                    boost::json::object attributes = {}) {
    ProfileSpec spec;
    spec.adapter = std::move(adapter);
    spec.connection_name = "Warehouse";
    spec.connection = std::move(connection);
    spec.extended_attributes = std::move(attributes);
    return spec;
}

TEST(TunnelTarget, IsWhatTheProfileSays) {
    auto plain = tunnel_target(profile("postgres", {{"hostname", "db"}}));
    EXPECT_EQ(plain->host, "db");
    EXPECT_EQ(plain->port, 5432);
    EXPECT_EQ(tunnel_target(profile("redshift", {{"hostname", "db"}}))->port, 5439);
    EXPECT_EQ(tunnel_target(profile("redshift", {{"hostname", "db"}, {"port", "5555"}}))->port,
              5555);
    auto over = tunnel_target(
        profile("postgres", {{"hostname", "db"}, {"port", 1}}, {{"host", "other"}, {"port", 2}}));
    EXPECT_EQ(over->host, "other");
    EXPECT_EQ(over->port, 2);
}

TEST(TunnelTarget, OtherAdaptersAndMissingHostsAreRefused) {
    EXPECT_THAT(tunnel_target(profile("snowflake", {{"host", "h"}})).error().message,
                HasSubstr("snowflake"));
    EXPECT_THAT(tunnel_target(profile("postgres", {})).error().message, HasSubstr("names no host"));
}

TEST(TunnelTarget, AProfileIsLedThroughWhateverItSaid) {
    auto spec = profile("postgres", {{"hostname", "db"}, {"port", 1}, {"dbname", "shop"}},
                        {{"host", "other"}, {"port", 2}, {"sslmode", "require"}});
    lead_through(spec, 20000);
    EXPECT_EQ(spec.connection.at("hostname"), "127.0.0.1");
    EXPECT_EQ(spec.connection.at("port"), 20000);
    EXPECT_EQ(spec.connection.at("dbname"), "shop");
    EXPECT_FALSE(spec.extended_attributes.contains("host"));
    EXPECT_FALSE(spec.extended_attributes.contains("port"));
    EXPECT_TRUE(spec.extended_attributes.contains("sslmode"));
}

}  // namespace
}  // namespace mw::runner
