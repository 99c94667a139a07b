// An artifact's content as an answer: streamed, with its type and ETag.
#pragma once

#include "features/artifacts/artifact_store.hpp"
#include "infra/http/server/message.hpp"
#include "infra/store/object_store.hpp"

namespace mw::artifacts {

// 304 when the request's If-None-Match names what is there.
Awaitable<http::Response> artifact_reply(store::ObjectStore& objects, const Artifact& artifact,
                                         std::string if_none_match);

}  // namespace mw::artifacts
