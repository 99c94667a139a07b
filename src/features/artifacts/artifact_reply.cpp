#include "features/artifacts/artifact_reply.hpp"

#include <fmt/format.h>

#include "features/artifacts/artifact_content.hpp"
#include "features/artifacts/content_range.hpp"

namespace mw::artifacts {
namespace {

constexpr std::size_t kPieceBytes = 128UL * 1024;

http::Headers headers_of(const Artifact& artifact, std::string_view etag) {
    http::Headers headers;
    headers["accept-ranges"] = "bytes";
    headers["etag"] = '"' + std::string(etag) + '"';
    // A running step may still replace it.
    headers["cache-control"] = "private, no-cache";
    headers["content-type"] = store::content_type_for(artifact.path);
    headers["x-content-type-options"] = "nosniff";
    // What a run wrote is not ours: opened in a browser, it must not act as the signed-in user.
    headers["content-security-policy"] = "sandbox";
    return headers;
}

store::ByteRange byte_range(const ContentRange& range) {
    return {range.first, range.last};
}

}  // namespace

Wanted Wanted::from(const http::Request& request) {
    return {std::string(request.header("if-none-match")), std::string(request.header("range")),
            std::string(request.header("if-range"))};
}

Awaitable<http::Response> artifact_reply(store::ObjectStore& objects, const Artifact& artifact,
                                         Wanted wanted) {
    auto size = static_cast<std::uint64_t>(artifact.size_bytes);
    auto asked = asked_range(wanted.range, size);
    bool in_parts = asked.kind == AskedRange::Kind::part && !artifact.pack_offset;
    MW_CO_TRY(auto reader, co_await open_content(objects, artifact,
                                                 in_parts ? std::optional(byte_range(asked.range))
                                                          : stored_range(artifact)));
    auto etag = reader->info().etag;
    if (artifact.pack_offset) etag += fmt::format("-{}", *artifact.pack_offset);
    http::Response response;
    response.headers = headers_of(artifact, etag);
    if (etag_matches(wanted.if_none_match, etag)) {
        response.status = 304;
        co_return response;
    }
    // Of another content than the client has the rest of, a part is of no use.
    if (!wanted.if_range.empty() && wanted.if_range != '"' + etag + '"') asked = {};
    if (asked.kind == AskedRange::Kind::unsatisfiable) {
        response.status = 416;
        response.headers["content-range"] = fmt::format("bytes */{}", size);
        co_return response;
    }
    if (asked.kind == AskedRange::Kind::part) {
        response.status = 206;
        response.headers["content-range"] =
            fmt::format("bytes {}-{}/{}", asked.range.first, asked.range.last, size);
    } else if (in_parts) {
        MW_CO_TRY(reader, co_await open_content(objects, artifact, std::nullopt));
    }
    if (artifact.pack_offset) {
        MW_CO_TRY(response.body, co_await unpack_content(*reader, artifact));
        if (response.status == 206)
            response.body = response.body.substr(asked.range.first, asked.range.length());
        co_return response;
    }
    response.stream_length = reader->length_bytes();
    response.stream = [reader] { return reader->read(kPieceBytes); };
    co_return response;
}

}  // namespace mw::artifacts
