#include "features/artifacts/artifact_reply.hpp"

#include "base/log.hpp"

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

}  // namespace

Awaitable<http::Response> artifact_reply(store::ObjectStore& objects, const Artifact& artifact,
                                         std::string if_none_match) {
    auto opened = co_await objects.get(artifact.object_key);
    if (!opened) {
        if (opened.error().code == Errc::not_found)
            log::error("an artifact's object is gone",
                       {{"run_id", artifact.run_id}, {"key", artifact.object_key}});
        co_return fail(std::move(opened).error());
    }
    std::shared_ptr<store::ObjectReader> reader = std::move(*opened);
    http::Response response;
    response.headers = headers_of(artifact, reader->info().etag);
    if (etag_matches(if_none_match, reader->info().etag)) {
        response.status = 304;
        co_return response;
    }
    response.stream_length = reader->length_bytes();
    response.stream = [reader] { return reader->read(kPieceBytes); };
    co_return response;
}

}  // namespace mw::artifacts
