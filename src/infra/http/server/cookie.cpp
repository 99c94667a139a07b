#include "infra/http/server/cookie.hpp"

namespace mw::http {

std::string_view cookie_value(const Request& request, std::string_view name) {
    auto cookies = request.header("cookie");
    while (!cookies.empty()) {
        auto end = cookies.find(';');
        auto pair = cookies.substr(0, end);
        cookies = end == cookies.npos ? std::string_view{} : cookies.substr(end + 1);
        while (pair.starts_with(' '))
            pair.remove_prefix(1);
        if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
    }
    return {};
}

}  // namespace mw::http
