#include "roles/runner/engine_choice.hpp"

#include <fmt/format.h>

#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "roles/runner/core1_session.hpp"
#include "roles/runner/dbt_environment.hpp"

namespace mw::runner {

result<ChosenEngine> choose_engine(boost::asio::any_io_executor executor, const Layout& layout,
                                   const ConfinementSettings& confinement, const RunSpec& spec,
                                   const Workspace& workspace, std::vector<std::string> secrets) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(const auto* entry, catalogue.resolve_installable(spec.dbt_version));
    auto installed = engines::find_installed(layout.engines_dir, *entry);
    if (!installed)
        return fail(Errc::not_found,
                    fmt::format("{}, which the dbt version \"{}\" stands for, is not installed on "
                                "this machine.",
                                entry->title, spec.dbt_version));
    ChosenEngine chosen;
    chosen.title = fmt::format("{} ({})", entry->title, installed->dbt_version);
    chosen.folder = installed->folder;
    chosen.bin = installed->python().parent_path();
    MW_TRY(auto plan,
           plan_confinement(confinement, layout, workspace, spec.profile, installed->folder));
    switch (entry->family) {
        case engines::Family::core1:
            chosen.session = std::make_unique<Core1Session>(
                executor,
                Core1Options{
                    .cold = {.program = installed->python(),
                             .args = {"-I", "-B", (layout.engine_host_dir / "host.py").string()},
                             .environment = engine_environment(workspace, chosen.bin),
                             .cwd = workspace.root(),
                             .stderr_file = workspace.root() / "engine.err"},
                    .warm_socket = layout.warm_socket(installed->folder),
                    .confinement = std::move(plan),
                    .secrets = std::move(secrets)});
            break;
    }
    return chosen;
}

}  // namespace mw::runner
