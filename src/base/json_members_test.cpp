#include "base/json_members.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

namespace mw {
namespace {

using boost::json::value;

template <class To>
void add_all(To& to) {
    to.add("text", "plain");
    to.add("odd", std::string("\"quoted\" \\ \b\f\n\r\t\x01\x1f\x7f übung 🚀"));
    to.add("view", std::string_view("a\0b", 3));
    to.add("empty", "");
    to.add("least", std::numeric_limits<std::int64_t>::min());
    to.add("small", -7);
    to.add("yes", true);
    to.add("no", false);
    to.add("nothing", nullptr);
    to.add("there", std::optional<std::string>("here"));
    to.add("missing", std::optional<std::int64_t>());
    to.add("tree", value{{"a", {1, 2.5, nullptr}}, {"b", "\n"}});
    to.add("object", boost::json::object{{"long", std::string(10'000, 'x')}});
    to.add("list", boost::json::array{1, "two"});
}

TEST(JsonMembers, TheTextSaysWhatTheTreeSays) {
    boost::json::object object;
    MembersOfTree tree(object);
    add_all(tree);
    std::string written = "[";
    MembersOfText text(written);
    add_all(text);
    text.end();
    EXPECT_EQ(written, "[" + boost::json::serialize(object));
}

TEST(JsonMembers, AnObjectMayBeEmpty) {
    std::string written;
    MembersOfText(written).end();
    EXPECT_EQ(written, "{}");
}

}  // namespace
}  // namespace mw
