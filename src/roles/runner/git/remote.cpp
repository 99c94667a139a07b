#include "roles/runner/git/remote.hpp"

#include <algorithm>
#include <charconv>

namespace mw::runner {
namespace {

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const char* digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~";
    std::string encoded;
    for (unsigned char c : text) {
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || kPlain.find(static_cast<char>(c)) != kPlain.npos;
        if (is_plain)
            encoded += static_cast<char>(c);
        else
            encoded += {'%', kDigits[c >> 4U], kDigits[c & 15U]};
    }
    return encoded;
}

// Names such as "git" are no secret; an access token in their place is.
bool looks_like_token(std::string_view user) {
    return user.size() >= 16;
}

}  // namespace

GitRemote split_remote(std::string_view remote_url) {
    GitRemote remote;
    remote.url = remote_url;
    if (remote_url.starts_with("/")) remote.local_path = remote_url;
    auto scheme_end = remote_url.find("://");
    if (scheme_end == std::string_view::npos) return remote;
    auto scheme = std::string(remote_url.substr(0, scheme_end));
    auto rest = remote_url.substr(scheme_end + 3);
    auto authority = rest.substr(0, rest.find('/'));
    if (scheme == "file") {
        remote.local_path = percent_decoded(rest.substr(authority.size()));
        return remote;
    }
    auto at = authority.rfind('@');
    if (at == std::string_view::npos) return remote;
    auto user = authority.substr(0, at);
    std::string_view password;
    bool web = scheme == "http" || scheme == "https";
    if (auto colon = user.find(':'); colon != std::string_view::npos) {
        password = user.substr(colon + 1);
        user = user.substr(0, colon);
    } else if (!web) {
        return remote;
    }
    for (auto secret : {password, web && looks_like_token(user) ? user : std::string_view()}) {
        if (secret.empty()) continue;
        remote.secrets.emplace_back(secret);
        remote.secrets.push_back(percent_decoded(secret));
    }
    auto host = std::string(rest.substr(at + 1));
    if (web) {
        remote.credential = scheme + "://" + std::string(user) + ":" + std::string(password) +
                            std::string(authority.substr(at));
        remote.url = scheme + "://" + host;
    } else {
        remote.url = scheme + "://" + std::string(user) + "@" + host;
    }
    return remote;
}

GitRemote split_remote(std::string_view remote_url, std::string_view username,
                       std::string_view password) {
    auto remote = split_remote(remote_url);
    auto scheme_end = remote.url.find("://");
    auto scheme = remote.url.substr(0, std::min(scheme_end, remote.url.size()));
    if (password.empty() || (scheme != "https" && scheme != "http")) return remote;
    auto rest = std::string_view(remote.url).substr(scheme_end + 3);
    remote.secrets.emplace_back(password);
    remote.secrets.push_back(percent_encoded(password));
    remote.credential = scheme + "://" + percent_encoded(username) + ":" +
                        percent_encoded(password) + "@" +
                        std::string(rest.substr(0, rest.find('/')));
    return remote;
}

}  // namespace mw::runner
