#include "roles/runner/project/profile_step.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "dbt/profile.hpp"

namespace mw::runner {

result<> write_profile_file(const ProfileSpec& spec, const std::string& profile_name,
                            const Workspace& workspace) {
    dbt::Profile profile{.name = profile_name,
                         .target_name = spec.target_name,
                         .adapter = spec.adapter,
                         .connection = spec.connection,
                         .credentials = spec.credentials,
                         .schema = spec.schema,
                         .threads = spec.threads,
                         .extended_attributes = spec.extended_attributes};
    auto yaml = dbt::render_profiles_yml(profile);
    if (!yaml)
        return fail(yaml.error().code,
                    fmt::format("No profile can be made from connection \"{}\": {}",
                                spec.connection_name, yaml.error().message));
    return write_file_atomically(workspace.profiles() / "profiles.yml", *yaml, 0600);
}

result<> write_profile(const ProfileSpec& spec, const ProjectFile& project,
                       const Workspace& workspace, StepLog log) {
    MW_CHECK(write_profile_file(spec, project.profile, workspace));
    log.info(
        fmt::format("Created profile \"{}\" with target \"{}\" from connection \"{}\": "
                    "adapter {}, schema {}, {} threads",
                    project.profile, spec.target_name, spec.connection_name, spec.adapter,
                    spec.schema, spec.threads));
    if (!spec.extended_attributes.empty())
        log.info("The environment's extended attributes are laid over it.");
    return {};
}

}  // namespace mw::runner
