#include "roles/runner/caches/package_pins.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <regex>
#include <string_view>

namespace mw::runner {
namespace {

bool is_exact_version(const YAML::Node& version) {
    if (version.IsSequence()) return version.size() == 1 && is_exact_version(version[0]);
    static const std::regex kVersion("=?[0-9]+(\\.[0-9]+){2}([-+.][0-9A-Za-z.+-]+)?");
    return version.IsScalar() && std::regex_match(version.as<std::string>(), kVersion);
}

bool is_commit(const YAML::Node& revision) {
    static const std::regex kCommit("[0-9a-f]{40}");
    return revision.IsScalar() && std::regex_match(revision.as<std::string>(), kCommit);
}

bool is_exact(const YAML::Node& package) {
    if (!package.IsMap()) return false;
    if (package["package"]) return package["version"] && is_exact_version(package["version"]);
    if (package["git"]) return package["revision"] && is_commit(package["revision"]);
    return false;
}

bool has_other_jinja(const std::string& yaml) {
    static const std::regex kSecret(R"(\{\{\s*env_var\(\s*['"]DBT_ENV_SECRET\w*['"]\s*\)\s*\}\})");
    auto rest = std::regex_replace(yaml, kSecret, "");
    return rest.contains("{{") || rest.contains("{%");
}

}  // namespace

result<PackagePins> read_package_pins(const std::string& yaml) {
    try {
        PackagePins pins;
        auto root = YAML::Load(yaml);
        if (!root.IsMap()) return pins;
        auto packages = root["packages"];
        if (!packages || packages.IsNull()) return pins;
        if (!packages.IsSequence())
            return fail(Errc::invalid_argument, "`packages:` is not a list.");
        pins.count = static_cast<int>(packages.size());
        pins.exact = !has_other_jinja(yaml);
        for (const auto& package : packages)
            pins.exact = pins.exact && is_exact(package);
        return pins;
    } catch (const YAML::Exception& problem) {
        return fail(Errc::invalid_argument, fmt::format("not valid YAML: {}", problem.msg));
    }
}

}  // namespace mw::runner
