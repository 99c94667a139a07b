// The TLS context of the edge: TLS 1.2 and 1.3, forward secrecy and AEAD only, HTTP/1.1 by ALPN.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "base/error.hpp"

namespace mw::proxy {

// Errors: invalid_argument that names the file. Blocking.
result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const std::filesystem::path& cert,
                                                            const std::filesystem::path& key);

}  // namespace mw::proxy
