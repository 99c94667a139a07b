#include "infra/saml/certificate.hpp"

#include <ctime>

#include "infra/saml/keys.hpp"

namespace mw::saml {

result<Timestamp> certificate_expiry(std::string_view certificate_pem) {
    MW_TRY(auto certificates, detail::read_certificates(certificate_pem));
    std::optional<Timestamp> soonest;
    for (const auto& certificate : certificates) {
        std::tm parts{};
        if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &parts) != 1)
            return fail(Errc::invalid_argument, "The certificate does not say when it expires");
        Timestamp at = std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
        if (!soonest || at < *soonest) soonest = at;
    }
    return *soonest;
}

}  // namespace mw::saml
