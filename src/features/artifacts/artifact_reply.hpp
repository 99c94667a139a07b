// An artifact's content as an answer: streamed, with its type and ETag.
#pragma once

#include "features/artifacts/artifact_store.hpp"
#include "infra/http/server/message.hpp"
#include "infra/store/object_store.hpp"

namespace mw::artifacts {

// What of a request decides how much of it is wanted; values of headers, empty: not there.
struct Wanted {
    std::string if_none_match = {};
    std::string range = {};
    std::string if_range = {};

    static Wanted from(const http::Request& request);
};

// 304 when If-None-Match names what is there; 206 with the part that Range asks for, if If-Range
// allows it; 416 for a part that there is not (RFC 9110).
Awaitable<http::Response> artifact_reply(store::ObjectStore& objects, const Artifact& artifact,
                                         Wanted wanted);

}  // namespace mw::artifacts
