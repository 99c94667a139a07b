#include "roles/runner/engine_choice.hpp"

#include <fmt/format.h>

#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "roles/runner/core1_session.hpp"
#include "roles/runner/dbt_environment.hpp"

namespace mw::runner {

result<ChosenEngine> choose_engine(boost::asio::any_io_executor executor, const Layout& layout,
                                   const std::string& dbt_version, const Workspace& workspace,
                                   std::vector<std::string> secrets) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(const auto* entry, catalogue.resolve_installable(dbt_version));
    auto installed = engines::find_installed(layout.engines_dir, *entry);
    if (!installed)
        return fail(Errc::not_found,
                    fmt::format("{}, which the dbt version \"{}\" stands for, is not installed on "
                                "this machine.",
                                entry->title, dbt_version));
    ChosenEngine chosen;
    chosen.title = fmt::format("{} ({})", entry->title, installed->dbt_version);
    chosen.bin = installed->python().parent_path();
    switch (entry->family) {
        case engines::Family::core1:
            chosen.session = std::make_unique<Core1Session>(
                executor,
                Core1Options{.program = installed->python(),
                             .args = {"-I", "-B", (layout.engine_host_dir / "host.py").string()},
                             .environment = engine_environment(workspace, chosen.bin),
                             .cwd = workspace.root(),
                             .stderr_file = workspace.root() / "engine.err",
                             .secrets = std::move(secrets)});
            break;
    }
    return chosen;
}

}  // namespace mw::runner
