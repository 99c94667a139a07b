// What a process prints, as the body of an answer. Private to this folder.
#pragma once

#include <string>

#include "infra/http/server/message.hpp"
#include "infra/process/process.hpp"

namespace mw::git {

// Begins with `first`, which was read already. The process is killed when the stream is dropped
// before its end, or says nothing for two minutes; one that fails breaks the stream off.
http::BodyStream output_stream(process::Process process, std::string first);

}  // namespace mw::git
