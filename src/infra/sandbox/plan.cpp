#include "infra/sandbox/plan.hpp"

#include <array>
#include <boost/json/array.hpp>

namespace mw::sandbox {
namespace {

namespace json = boost::json;

// Of /etc only what names are resolved, certificates are checked and libraries are found with:
// a site's own files, a configuration of ours among them, stay outside.
constexpr std::array kEtc{"alternatives",
                          "ca-certificates",
                          "ca-certificates.conf",
                          "crypto-policies",
                          "debian_version",
                          "gai.conf",
                          "gitconfig",
                          "group",
                          "host.conf",
                          "hostname",
                          "hosts",
                          "krb5.conf",
                          "krb5.conf.d",
                          "ld.so.cache",
                          "ld.so.conf",
                          "ld.so.conf.d",
                          "localtime",
                          "magic",
                          "mime.types",
                          "nsswitch.conf",
                          "odbc.ini",
                          "odbcinst.ini",
                          "os-release",
                          "passwd",
                          "pki",
                          "protocols",
                          "python3",
                          "python3.11",
                          "resolv.conf",
                          "services",
                          "ssl",
                          "timezone",
                          "xattr.conf"};

json::object bind_json(const Bind& bind) {
    return {{"source", bind.source.string()},
            {"inside", bind.inside.string()},
            {"writable", bind.writable},
            {"optional", bind.optional}};
}

result<std::string> text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_string()) return fail_field(std::string(key), "must be a string");
    return std::string(value->get_string());
}

bool flag_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_bool() && value->get_bool();
}

std::uint64_t number_of(const json::object& object, std::string_view key, std::uint64_t fallback) {
    const auto* value = object.if_contains(key);
    json::error_code error;
    auto number = value ? value->to_number<std::uint64_t>(error) : fallback;
    return error ? fallback : number;
}

result<Bind> parse_bind(const json::value& value) {
    if (!value.is_object()) return fail_field("binds", "must hold objects");
    const auto& object = value.get_object();
    Bind bind;
    MW_TRY(auto source, text_of(object, "source"));
    MW_TRY(auto inside, text_of(object, "inside"));
    bind.source = source;
    bind.inside = inside;
    bind.writable = flag_of(object, "writable");
    bind.optional = flag_of(object, "optional");
    if (!bind.target().is_absolute() || !bind.source.is_absolute())
        return fail_field("binds", "must hold absolute paths");
    return bind;
}

}  // namespace

std::vector<Bind> system_binds() {
    std::vector<Bind> binds;
    for (const char* folder : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt"})
        binds.push_back({.source = folder, .optional = true});
    for (const char* name : kEtc)
        binds.push_back({.source = std::filesystem::path("/etc") / name, .optional = true});
    for (const char* device : {"null", "zero", "full", "random", "urandom"})
        binds.push_back({.source = std::filesystem::path("/dev") / device, .writable = true});
    return binds;
}

json::object to_json(const Plan& plan) {
    json::array binds;
    for (const auto& bind : plan.binds)
        binds.push_back(bind_json(bind));
    json::array cgroups;
    for (const auto& file : plan.cgroups)
        cgroups.push_back(json::string(file.string()));
    return {{"root", plan.root.string()},          {"binds", std::move(binds)},
            {"cgroups", std::move(cgroups)},       {"open_files_max", plan.open_files_max},
            {"processes_max", plan.processes_max}, {"file_bytes_max", plan.file_bytes_max},
            {"shm_bytes_max", plan.shm_bytes_max}};
}

result<Plan> parse_plan(const json::value& value) {
    if (!value.is_object()) return fail(Errc::invalid_argument, "a plan is an object");
    const auto& object = value.get_object();
    Plan plan;
    MW_TRY(auto root, text_of(object, "root"));
    plan.root = root;
    if (!plan.root.is_absolute()) return fail_field("root", "must be an absolute path");
    const auto* binds = object.if_contains("binds");
    if (!binds || !binds->is_array()) return fail_field("binds", "must be a list");
    for (const auto& item : binds->get_array()) {
        MW_TRY(auto bind, parse_bind(item));
        plan.binds.push_back(std::move(bind));
    }
    if (const auto* cgroups = object.if_contains("cgroups"); cgroups && cgroups->is_array())
        for (const auto& item : cgroups->get_array())
            if (item.is_string()) plan.cgroups.emplace_back(std::string(item.get_string()));
    plan.open_files_max = number_of(object, "open_files_max", 0);
    plan.processes_max = number_of(object, "processes_max", 0);
    plan.file_bytes_max = number_of(object, "file_bytes_max", 0);
    plan.shm_bytes_max = number_of(object, "shm_bytes_max", plan.shm_bytes_max);
    return plan;
}

}  // namespace mw::sandbox
