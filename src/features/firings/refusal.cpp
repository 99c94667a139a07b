#include "features/firings/refusal.hpp"

namespace mw::firings {

bool is_refusal(const Error& error) {
    switch (error.code) {
        case Errc::limit_exceeded:
        case Errc::invalid_argument:
        case Errc::not_found:
        case Errc::conflict:
            return true;
        default:
            return false;
    }
}

}  // namespace mw::firings
