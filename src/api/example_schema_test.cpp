#include "api/example_schema.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::api {
namespace {

std::string like(std::string_view example) {
    return boost::json::serialize(schema_like(boost::json::parse(example)));
}

TEST(SchemaLike, HasTheTypesOfTheExample) {
    EXPECT_EQ(like(R"({"id": 1, "name": "", "on": true, "cpus": 0.5})"),
              R"({"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},)"
              R"("on":{"type":"boolean"},"cpus":{"type":"number"}}})");
    EXPECT_EQ(
        like(R"([{"a": 1}])"),
        R"({"type":"array","items":{"type":"object","properties":{"a":{"type":"integer"}}}})");
}

TEST(SchemaLike, WhatIsNullOrEmptyMayBeAnything) {
    EXPECT_EQ(like(R"({"a": null, "b": [], "c": {}})"),
              R"({"type":"object","properties":{"a":{},"b":{"type":"array","items":{}},)"
              R"("c":{"type":"object"}}})");
}

}  // namespace
}  // namespace mw::api
