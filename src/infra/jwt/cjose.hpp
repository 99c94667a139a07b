// Owners of cjose's handles. Private to this folder.
#pragma once

#include <cjose/cjose.h>

#include <cstdlib>
#include <memory>

namespace mw::jwt::detail {

struct Release {
    void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
    void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
    void operator()(cjose_header_t* header) const { cjose_header_release(header); }
    void operator()(char* text) const { std::free(text); }
};
using Jwk = std::unique_ptr<cjose_jwk_t, Release>;
using Jws = std::unique_ptr<cjose_jws_t, Release>;
using Header = std::unique_ptr<cjose_header_t, Release>;
using RawJson = std::unique_ptr<char, Release>;

}  // namespace mw::jwt::detail
