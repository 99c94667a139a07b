#include "features/artifacts/artifact_reply.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "infra/zstd/pack.hpp"

namespace mw::artifacts {
namespace {

constexpr std::size_t kPieceBytes = 128UL * 1024;

http::Headers headers_of(const Artifact& artifact, std::string_view etag) {
    http::Headers headers;
    headers["etag"] = '"' + std::string(etag) + '"';
    // A running step may still replace it.
    headers["cache-control"] = "private, no-cache";
    headers["content-type"] = store::content_type_for(artifact.path);
    headers["x-content-type-options"] = "nosniff";
    // What a run wrote is not ours: opened in a browser, it must not act as the signed-in user.
    headers["content-security-policy"] = "sandbox";
    return headers;
}

std::optional<store::ByteRange> range_of(const Artifact& artifact) {
    if (!artifact.pack_offset || !artifact.pack_bytes) return std::nullopt;
    auto first = static_cast<std::uint64_t>(*artifact.pack_offset);
    return store::ByteRange{first, first + static_cast<std::uint64_t>(*artifact.pack_bytes) - 1};
}

Awaitable<std::string> unpacked(store::ObjectReader& reader, const Artifact& artifact) {
    std::string stored;
    while (true) {
        MW_CO_TRY(auto piece, co_await reader.read(kPieceBytes));
        if (piece.empty()) break;
        stored += piece;
    }
    co_return pack::unpack(stored, static_cast<std::uint64_t>(artifact.size_bytes));
}

}  // namespace

Awaitable<http::Response> artifact_reply(store::ObjectStore& objects, const Artifact& artifact,
                                         std::string if_none_match) {
    auto opened = co_await objects.get(artifact.object_key, range_of(artifact));
    if (!opened) {
        if (opened.error().code == Errc::not_found)
            log::error("an artifact's object is gone",
                       {{"run_id", artifact.run_id}, {"key", artifact.object_key}});
        co_return fail(std::move(opened).error());
    }
    std::shared_ptr<store::ObjectReader> reader = std::move(*opened);
    auto etag = reader->info().etag;
    if (artifact.pack_offset) etag += fmt::format("-{}", *artifact.pack_offset);
    http::Response response;
    response.headers = headers_of(artifact, etag);
    if (etag_matches(if_none_match, etag)) {
        response.status = 304;
        co_return response;
    }
    if (artifact.pack_offset) {
        MW_CO_TRY(response.body, co_await unpacked(*reader, artifact));
        co_return response;
    }
    response.stream_length = reader->length_bytes();
    response.stream = [reader] { return reader->read(kPieceBytes); };
    co_return response;
}

}  // namespace mw::artifacts
