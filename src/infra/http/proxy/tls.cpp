#include "infra/http/proxy/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "base/files.hpp"

namespace mw::proxy {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr std::size_t kPemBytesMax = 1024UL * 1024;

int select_http11(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                  const unsigned char* offered, unsigned int offered_size, void*) {
    static constexpr unsigned char kProtocols[] = "\x08http/1.1";
    unsigned char* found = nullptr;
    int outcome = SSL_select_next_proto(&found, chosen_size, kProtocols, sizeof kProtocols - 1,
                                        offered, offered_size);
    *chosen = found;
    // A client that offers only others is served all the same, if it then speaks HTTP/1.1.
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::unexpected<Error> unusable(std::string_view what, const std::filesystem::path& file,
                                std::string detail) {
    return fail(Errc::invalid_argument, fmt::format("{} {} cannot be used", what, file.string()),
                std::move(detail));
}

}  // namespace

result<std::shared_ptr<ssl::context>> load_tls(const std::filesystem::path& cert,
                                               const std::filesystem::path& key) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_NO_COMPRESSION | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_alpn_select_cb(native, select_http11, nullptr);
    // Never ask for a passphrase on the terminal.
    context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });

    error_code error;
    auto chain = read_file(cert, kPemBytesMax);
    if (!chain) return unusable("The TLS certificate", cert, chain.error().message);
    context->use_certificate_chain(boost::asio::buffer(*chain), error);
    if (error) return unusable("The TLS certificate", cert, error.message());
    auto private_key = read_file(key, kPemBytesMax);
    if (!private_key) return unusable("The TLS key", key, private_key.error().message);
    context->use_private_key(boost::asio::buffer(*private_key), ssl::context::pem, error);
    ::explicit_bzero(private_key->data(), private_key->size());
    if (error) return unusable("The TLS key", key, error.message());
    if (SSL_CTX_check_private_key(native) != 1)
        return unusable("The TLS key", key, "it does not belong to the certificate");
    return context;
}

}  // namespace mw::proxy
