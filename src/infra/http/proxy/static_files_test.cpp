#include "infra/http/proxy/static_files.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "infra/http/testing/server.hpp"

namespace mw::proxy {
namespace {

class StaticFilesTest : public testing::Test {
  protected:
    StaticFilesTest() {
        write("index.html", "<!doctype html>the app");
        write("favicon.svg", "<svg/>");
        write("assets/index-BkT2s8hQ.js", script_);
        write("assets/logo-1f2e3d4c.png", std::string(5000, 'p'));
        write("assets/plain.js", "x");
        write(".env", "SECRET=1");
        write(".git/config", "secret");
        std::ofstream(outside_ / "secret.txt") << "secret";
        std::filesystem::create_symlink(outside_ / "secret.txt", folder_ / "link.txt");
        std::filesystem::create_directory_symlink(outside_.path(), folder_ / "linked");
        files_ = StaticFiles::load(folder_.path()).value();
    }

    void write(const std::string& name, const std::string& content) {
        std::filesystem::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << content;
    }
    StaticResponse get(std::string_view path, HeaderList headers = {}, std::string method = "GET") {
        return files_.answer({std::move(method), std::string(path), 11, std::move(headers)}, path);
    }
    static std::string header(const StaticResponse& response, std::string_view name) {
        return std::string(find_header(response.headers, name));
    }

    std::string script_ = std::string("console.log(1);") + std::string(3000, ' ');
    http_testing::TemporaryFolder folder_, outside_;
    StaticFiles files_;
};

const HeaderList kBrowser{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};

TEST_F(StaticFilesTest, ServesFilesWithTheirTypes) {
    auto index = get("/");
    EXPECT_EQ(index.status, 200);
    EXPECT_EQ(*index.body, "<!doctype html>the app");
    EXPECT_EQ(header(index, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(index, "Cache-Control"), "no-cache");
    EXPECT_EQ(header(get("/favicon.svg"), "Content-Type"), "image/svg+xml");
    EXPECT_EQ(header(get("/assets/logo-1f2e3d4c.png"), "Content-Type"), "image/png");
}

TEST_F(StaticFilesTest, NamedByContentIsKeptForEver) {
    for (const char* path : {"/assets/index-BkT2s8hQ.js", "/assets/logo-1f2e3d4c.png"})
        EXPECT_EQ(header(get(path), "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(get("/assets/plain.js"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, EtagSavesTheBody) {
    auto first = get("/");
    auto tag = header(first, "ETag");
    ASSERT_FALSE(tag.empty());
    for (const auto& sent : {tag, "\"other\", " + tag, std::string("*")}) {
        auto again = get("/", {{"If-None-Match", sent}});
        EXPECT_EQ(again.status, 304);
        EXPECT_FALSE(again.body);
        EXPECT_EQ(header(again, "ETag"), tag);
    }
    EXPECT_EQ(get("/", {{"If-None-Match", "W/\"other\""}}).status, 200);
    EXPECT_NE(header(get("/favicon.svg"), "ETag"), tag);
}

TEST_F(StaticFilesTest, CompressesTextForThoseWhoTakeIt) {
    auto packed = get("/assets/index-BkT2s8hQ.js", {{"Accept-Encoding", "br, gzip"}});
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
    EXPECT_LT(packed.body->size(), script_.size() / 2);
    std::string plain(10'000, '\0');
    z_stream stream{};
    ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.body->data()));
    stream.avail_in = static_cast<uInt>(packed.body->size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    EXPECT_EQ(plain, script_);

    write("assets/index-BkT2s8hQ.js.br", "as brotli");
    write("lonely.txt.br", "of nothing");
    files_ = StaticFiles::load(folder_.path()).value();
    auto brotli = get("/assets/index-BkT2s8hQ.js", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(header(brotli, "Content-Encoding"), "br");
    EXPECT_EQ(header(brotli, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(*brotli.body, "as brotli");
    EXPECT_EQ(
        header(get("/assets/index-BkT2s8hQ.js", {{"Accept-Encoding", "gzip"}}), "Content-Encoding"),
        "gzip");
    EXPECT_EQ(get("/assets/index-BkT2s8hQ.js.br").status, 404);
    EXPECT_EQ(get("/lonely.txt.br").status, 404);

    auto unpacked = get("/assets/index-BkT2s8hQ.js");
    EXPECT_EQ(header(unpacked, "Content-Encoding"), "");
    EXPECT_EQ(*unpacked.body, script_);
    EXPECT_EQ(header(unpacked, "Vary"), "Accept-Encoding");
    auto image = get("/assets/logo-1f2e3d4c.png", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(header(image, "Content-Encoding"), "");
}

TEST_F(StaticFilesTest, TheApplicationsOwnPathsGetIndex) {
    for (const char* path :
         {"/runs", "/runs/12/steps", "/deep/link/", "/explore/1/nodes/model.shop.orders"}) {
        auto page = get(path, kBrowser);
        EXPECT_EQ(page.status, 200) << path;
        EXPECT_EQ(*page.body, "<!doctype html>the app");
    }
    EXPECT_EQ(get("/runs", {{"Accept", "application/json"}}).status, 404);
    EXPECT_EQ(get("/runs").status, 404);
    EXPECT_EQ(get("/assets/gone-12345678.js", kBrowser).status, 404);
    EXPECT_EQ(get("/gone.js", kBrowser).status, 404);
}

TEST_F(StaticFilesTest, NothingOutsideOrHiddenIsThere) {
    for (const char* path : {"/.env", "/.git/config", "/link.txt", "/linked/secret.txt",
                             "/../secret.txt", "/assets", "/assets/"})
        EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(files_.count(), 5U);
}

TEST_F(StaticFilesTest, OnlyGetAndHead) {
    auto refused = get("/", {}, "POST");
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(header(refused, "Allow"), "GET, HEAD");
    EXPECT_EQ(get("/", {}, "HEAD").status, 200);
}

TEST_F(StaticFilesTest, MissingFolderAndNoFiles) {
    EXPECT_EQ(StaticFiles::load(folder_ / "none").error().code, Errc::not_found);
    files_ = StaticFiles();
    EXPECT_EQ(get("/", kBrowser).status, 404);
}

TEST_F(StaticFilesTest, TooLargeAFileIsAnError) {
    write("big.js", "");
    std::filesystem::resize_file(folder_ / "big.js", 33UL * 1024 * 1024);
    EXPECT_EQ(StaticFiles::load(folder_.path()).error().code, Errc::limit_exceeded);
}

}  // namespace
}  // namespace mw::proxy
