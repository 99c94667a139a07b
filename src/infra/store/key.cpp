// Keys and URLs: what every store checks alike.
#include <algorithm>
#include <array>
#include <utility>

#include "infra/store/object_store.hpp"

namespace mw::store {
namespace {

constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::size_t kSegmentBytesMax = 200;

// How many bytes the UTF-8 sequence that begins with `lead` has; 0 when none begins so.
std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

// The second byte rules out overlong forms, surrogates and code points past U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) {
    switch (lead) {
        case 0xE0:
            return second >= 0xA0;
        case 0xED:
            return second <= 0x9F;
        case 0xF0:
            return second >= 0x90;
        case 0xF4:
            return second <= 0x8F;
        default:
            return true;
    }
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto lead = static_cast<unsigned char>(text[0]);
        auto length = sequence_length(lead);
        if (length == 0 || length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i)
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return false;
        if (length > 1 && !second_byte_fits(lead, static_cast<unsigned char>(text[1])))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::unexpected<Error> bad_key(std::string_view reason) {
    return fail(Errc::invalid_argument, std::string("Not a usable object name: ").append(reason));
}

}  // namespace

result<> check_key(std::string_view key) {
    if (key.empty()) return bad_key("it is empty");
    if (key.size() > kKeyBytesMax) return bad_key("it is longer than 1024 bytes");
    if (!is_utf8(key)) return bad_key("it is not UTF-8");
    if (std::ranges::any_of(key,
                            [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '\\'; }))
        return bad_key("it holds a control character or a backslash");
    for (std::size_t begin = 0; begin <= key.size();) {
        auto end = std::min(key.find('/', begin), key.size());
        auto segment = key.substr(begin, end - begin);
        if (segment.empty()) return bad_key("it begins or ends with a slash, or has two in a row");
        if (segment == "." || segment == "..") return bad_key("it has a segment . or ..");
        if (segment.size() > kSegmentBytesMax)
            return bad_key("a segment of it is longer than 200 bytes");
        begin = end + 1;
    }
    return {};
}

std::string_view content_type_for(std::string_view key) {
    using Entry = std::pair<std::string_view, std::string_view>;
    constexpr std::array kTypes{
        Entry{"json", "application/json"},
        Entry{"jsonl", "application/x-ndjson"},
        Entry{"html", "text/html; charset=utf-8"},
        Entry{"css", "text/css; charset=utf-8"},
        Entry{"js", "text/javascript; charset=utf-8"},
        Entry{"sql", "text/plain; charset=utf-8"},
        Entry{"py", "text/plain; charset=utf-8"},
        Entry{"md", "text/plain; charset=utf-8"},
        Entry{"txt", "text/plain; charset=utf-8"},
        Entry{"log", "text/plain; charset=utf-8"},
        Entry{"csv", "text/csv; charset=utf-8"},
        Entry{"yml", "application/yaml"},
        Entry{"yaml", "application/yaml"},
        Entry{"png", "image/png"},
        Entry{"svg", "image/svg+xml"},
        Entry{"parquet", "application/vnd.apache.parquet"},
        Entry{"zst", "application/zstd"},
        Entry{"gz", "application/gzip"},
    };
    auto name = key.substr(key.rfind('/') + 1);
    if (auto dot = name.rfind('.'); dot != name.npos) {
        auto extension = name.substr(dot + 1);
        for (const auto& [known, type] : kTypes)
            if (extension == known) return type;
    }
    return "application/octet-stream";
}

boost::asio::awaitable<result<std::string>> ObjectStore::get_bytes(std::string key,
                                                                   std::size_t max_bytes) {
    constexpr std::size_t kChunkBytes = 1024UL * 1024;
    MW_CO_TRY(auto reader, co_await get(std::move(key)));
    if (reader->length_bytes() > max_bytes)
        co_return fail(Errc::limit_exceeded, "The stored object is too large to be shown at once");
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(reader->length_bytes()));
    for (;;) {
        MW_CO_TRY(auto piece, co_await reader->read(kChunkBytes));
        if (piece.empty()) co_return bytes;
        bytes += piece;
    }
}

}  // namespace mw::store
