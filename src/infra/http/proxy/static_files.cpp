#include "infra/http/proxy/static_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/files.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/zlib/gzip.hpp"

namespace mw::proxy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 32UL * 1024 * 1024;
constexpr std::size_t kTotalBytesMax = 256UL * 1024 * 1024;
constexpr std::size_t kGzipBytesMin = 512;
constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kBrotli = ".br";

struct Type {
    std::string_view extension;
    std::string_view type;
    bool text;
};
constexpr std::array kTypes{
    Type{".html", "text/html; charset=utf-8", true},
    Type{".js", "text/javascript; charset=utf-8", true},
    Type{".mjs", "text/javascript; charset=utf-8", true},
    Type{".css", "text/css; charset=utf-8", true},
    Type{".json", "application/json", true},
    Type{".map", "application/json", true},
    Type{".webmanifest", "application/manifest+json", true},
    Type{".svg", "image/svg+xml", true},
    Type{".txt", "text/plain; charset=utf-8", true},
    Type{".md", "text/plain; charset=utf-8", true},
    Type{".wasm", "application/wasm", true},
    Type{".png", "image/png", false},
    Type{".jpg", "image/jpeg", false},
    Type{".jpeg", "image/jpeg", false},
    Type{".gif", "image/gif", false},
    Type{".webp", "image/webp", false},
    Type{".avif", "image/avif", false},
    Type{".ico", "image/x-icon", false},
    Type{".woff", "font/woff", false},
    Type{".woff2", "font/woff2", false},
    Type{".ttf", "font/ttf", false},
};

Type type_of(std::string_view path) {
    for (const auto& type : kTypes)
        if (path.ends_with(type.extension)) return type;
    return {"", "application/octet-stream", false};
}

// /assets/index-BkT2s8hQ.js: eight or more characters of a hash before the extension.
bool is_named_by_content(std::string_view path) {
    if (!path.starts_with("/assets/")) return false;
    auto dot = path.rfind('.');
    if (dot == path.npos) return false;
    auto stem = path.substr(0, dot);
    // A hash may itself hold a "-": look eight characters back from the end for one.
    if (stem.size() < 9 || stem[stem.size() - 9] != '-') return false;
    return std::ranges::all_of(stem.substr(stem.size() - 8), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '_';
    });
}

// "gzip;q=0" is a refusal that nobody sends; anything but the plain token counts as one.
bool accepts(const HeaderList& headers, std::string_view encoding) {
    return has_token(headers, "Accept-Encoding", encoding);
}

bool accepts_html(const HeaderList& headers) {
    auto accept = find_header(headers, "Accept");
    return accept.find("text/html") != accept.npos;
}

// If-None-Match: "*" or a list of tags, compared weakly.
bool matches(std::string_view tags, std::string_view etag) {
    return tags == "*" || tags.find(etag) != tags.npos;
}

bool is_hidden(const fs::path& relative) {
    return std::ranges::any_of(relative,
                               [](const auto& part) { return part.string().starts_with('.'); });
}

}  // namespace

StaticResponse plain_page(int status, std::string_view text) {
    StaticResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                        {"Cache-Control", "no-store"}};
    response.body = std::make_shared<const std::string>(fmt::format("{}\n", text));
    return response;
}

StaticFiles::File StaticFiles::make_file(std::string_view path, std::string content) {
    File file;
    auto type = type_of(path);
    file.content_type = type.type;
    // Weak: the gzip form has other bytes and the same meaning.
    file.etag = fmt::format("W/\"{}\"", crypto::sha256_hex(content).substr(0, 32));
    file.immutable = is_named_by_content(path);
    if (type.text && content.size() >= kGzipBytesMin) {
        auto packed = zlib::gzip(content, zlib::Effort::often);
        if (packed.size() < content.size() - content.size() / 10)
            file.gzip = std::make_shared<const std::string>(std::move(packed));
    }
    file.plain = std::make_shared<const std::string>(std::move(content));
    return file;
}

result<StaticFiles> StaticFiles::load(const fs::path& folder) {
    constexpr std::string_view kWhat = "The web application's files cannot be read";
    StaticFiles files;
    std::size_t total_bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        auto relative = at->path().lexically_relative(folder);
        if (at->is_symlink(error) || is_hidden(relative)) {
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file(error)) continue;
        MW_TRY(auto content, read_file(at->path(), kFileBytesMax));
        total_bytes += content.size();
        if (total_bytes > kTotalBytesMax)
            return fail(Errc::limit_exceeded, fmt::format("{}: too large in all", kWhat),
                        folder.string());
        auto path = "/" + relative.generic_string();
        auto file = make_file(path, std::move(content));
        files.files_.emplace(std::move(path), std::move(file));
    }
    if (error) return fail(file_error(error.value(), kWhat, folder));
    files.take_brotli();
    return files;
}

// What the build packed stands beside the file and is none of its own.
void StaticFiles::take_brotli() {
    std::erase_if(files_, [this](const auto& entry) {
        if (!entry.first.ends_with(kBrotli)) return false;
        auto name = entry.first.substr(0, entry.first.size() - kBrotli.size());
        auto whole = files_.find(name);
        if (whole != files_.end()) whole->second.brotli = entry.second.plain;
        return true;
    });
}

StaticResponse StaticFiles::answer(const RequestHead& head, std::string_view path) const {
    if (head.method != "GET" && head.method != "HEAD") {
        auto refused = plain_page(405, "Only GET and HEAD are possible here.");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    if (auto found = files_.find(path); found != files_.end()) return serve(found->second, head);

    // A path of the application's own router, opened or reloaded in a browser: it may end in a
    // node's id, which has dots. Where files are, HTML in a missing one's place would only confuse.
    bool at_top = path.rfind('/') == 0;
    bool looks_like_file = path.starts_with("/assets/") || (at_top && path.find('.') != path.npos);
    auto index = files_.find(kIndex);
    if (index != files_.end() && (path == "/" || (!looks_like_file && accepts_html(head.headers))))
        return serve(index->second, head);
    if (files_.empty())
        return plain_page(404, "The web application is not installed; the API is at /api/.");
    return plain_page(404, "There is nothing here.");
}

StaticResponse StaticFiles::serve(const File& file, const RequestHead& head) const {
    StaticResponse response;
    bool brotli = file.brotli && accepts(head.headers, "br");
    bool gzip = !brotli && file.gzip && accepts(head.headers, "gzip");
    response.headers = {
        {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
        {"ETag", file.etag},
    };
    if (file.gzip || file.brotli) response.headers.emplace_back("Vary", "Accept-Encoding");
    if (matches(find_header(head.headers, "If-None-Match"), file.etag)) {
        response.status = 304;
        return response;
    }
    response.headers.emplace_back("Content-Type", file.content_type);
    if (brotli || gzip) response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
    response.body = brotli ? file.brotli : gzip ? file.gzip : file.plain;
    return response;
}

}  // namespace mw::proxy
