#include "features/docs_site/docs_page.hpp"

#include <gtest/gtest.h>

namespace mw::docs_site {
namespace {

TEST(DocsPage, IsTakenApartWhereTheFilesGo) {
    auto parts = parts_of_page(
        R"(a={manifest:"MANIFEST.JSON INLINE DATA",catalog:"CATALOG.JSON INLINE DATA"};)");
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 5u);
    EXPECT_EQ((*parts)[0].text, "a={manifest:");
    EXPECT_EQ((*parts)[1].file, "manifest.json");
    EXPECT_EQ((*parts)[2].text, ",catalog:");
    EXPECT_EQ((*parts)[3].file, "catalog.json");
    EXPECT_EQ((*parts)[4].text, "};");
}

TEST(DocsPage, TheFilesMayComeInAnyOrder) {
    auto parts = parts_of_page(R"("CATALOG.JSON INLINE DATA""MANIFEST.JSON INLINE DATA")");
    ASSERT_TRUE(parts);
    EXPECT_EQ((*parts)[1].file, "catalog.json");
    EXPECT_EQ((*parts)[3].file, "manifest.json");
}

TEST(DocsPage, WhatFitsNoPageInAFrameIsMended) {
    auto parts = parts_of_page(
        R"("MANIFEST.JSON INLINE DATA""CATALOG.JSON INLINE DATA"<use xlink:href="{{ icon }}"/>)");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->back().text, R"(<use ng-attr-href="{{ icon }}"/>)");
}

TEST(DocsPage, AnotherPageIsNone) {
    for (auto page : {"", "<html></html>", R"("MANIFEST.JSON INLINE DATA")"}) {
        auto parts = parts_of_page(page);
        ASSERT_FALSE(parts);
        EXPECT_EQ(parts.error().code, Errc::not_found);
    }
}

TEST(DocsPage, NoFileEndsTheScript) {
    EXPECT_EQ(in_script(R"({"a":"</script><!-- "})"), R"({"a":"\u003c/script>\u003c!-- "})");
    EXPECT_EQ(in_script(R"({"a":1})"), R"({"a":1})");
}

}  // namespace
}  // namespace mw::docs_site
