#include "base/error.hpp"

namespace mw {

const char* errc_name(Errc code) {
    switch (code) {
        case Errc::invalid_argument:
            return "invalid_argument";
        case Errc::unauthenticated:
            return "unauthenticated";
        case Errc::forbidden:
            return "forbidden";
        case Errc::not_found:
            return "not_found";
        case Errc::method_not_allowed:
            return "method_not_allowed";
        case Errc::conflict:
            return "conflict";
        case Errc::limit_exceeded:
            return "limit_exceeded";
        case Errc::payload_too_large:
            return "payload_too_large";
        case Errc::unavailable:
            return "unavailable";
        case Errc::timeout:
            return "timeout";
        case Errc::cancelled:
            return "cancelled";
        case Errc::lease_lost:
            return "lease_lost";
        case Errc::upstream_failed:
            return "upstream_failed";
        case Errc::internal:
            return "internal";
    }
    return "unknown";
}

}  // namespace mw
