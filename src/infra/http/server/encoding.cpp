#include "infra/http/server/encoding.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include "base/trimmed.hpp"
#include "infra/zlib/gzip.hpp"
#include "infra/zstd/zstd.hpp"

namespace mw::http {
namespace {

// Less than a packet's worth; and what would keep everybody else waiting while it is packed.
constexpr std::size_t kLeastBytes = 1400;
constexpr std::size_t kMostBytes = 4UL * 1024 * 1024;

bool is_text(std::string_view content_type) {
    return content_type.starts_with("application/json") || content_type.starts_with("text/") ||
           content_type.starts_with("application/scim+json");
}

bool same(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

// "gzip;q=0.5": whether it is taken at all.
bool is_taken(std::string_view parameters) {
    auto q = parameters.find("q=");
    if (q == parameters.npos) return true;
    auto text = trimmed(parameters.substr(q + 2));
    // Only 0, 0.0, 0.00 and 0.000 refuse.
    return text.find_first_not_of("0.") != text.npos;
}

}  // namespace

Encoding chosen_encoding(std::string_view accept_encoding) {
    bool gzip = false;
    bool zstd = false;
    while (!accept_encoding.empty()) {
        auto end = std::min(accept_encoding.find(','), accept_encoding.size());
        auto entry = accept_encoding.substr(0, end);
        accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
        auto semicolon = std::min(entry.find(';'), entry.size());
        auto name = trimmed(entry.substr(0, semicolon));
        if (!is_taken(entry.substr(semicolon))) continue;
        gzip = gzip || same(name, "gzip");
        zstd = zstd || same(name, "zstd");
    }
    return zstd ? Encoding::zstd : gzip ? Encoding::gzip : Encoding::plain;
}

void encode(Response& response, std::string_view accept_encoding) {
    if (response.stream || response.body.size() < kLeastBytes ||
        response.headers.contains("content-encoding") || response.headers.contains("content-range"))
        return;
    auto type = response.headers.find("content-type");
    if (type == response.headers.end() || !is_text(type->second)) return;
    response.headers["vary"] = "Accept-Encoding";
    if (response.body.size() > kMostBytes) return;
    switch (chosen_encoding(accept_encoding)) {
        case Encoding::plain:
            return;
        case Encoding::gzip:
            response.body = zlib::gzip(response.body, zlib::Effort::once);
            response.headers["content-encoding"] = "gzip";
            return;
        case Encoding::zstd:
            response.body = zstd::compress(response.body);
            response.headers["content-encoding"] = "zstd";
            return;
    }
}

}  // namespace mw::http
