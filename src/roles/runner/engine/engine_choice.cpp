#include "roles/runner/engine/engine_choice.hpp"

#include <fmt/format.h>

#include "dbt/adapters/adapter.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "roles/runner/engine/core1_session.hpp"
#include "roles/runner/engine/native_session.hpp"
#include "roles/runner/project/dbt_environment.hpp"

namespace mw::runner {
namespace {

// Shorter ones are too likely to be a part of what the engine's messages are made of.
constexpr std::size_t kLeastEngineSecretBytes = 8;

// "spark" of "databricks_spark": what the adapter calls itself in a profile.
std::string adapter_type(const std::string& adapter) {
    auto known = dbt::find_adapter(adapter);
    return known ? std::string((*known)->type) : adapter;
}

// The engine host knows their spellings itself.
std::vector<std::string> engine_secrets(const Scrubber& scrubber) {
    auto secrets = scrubber.secrets();
    std::erase_if(secrets,
                  [](const auto& secret) { return secret.size() < kLeastEngineSecretBytes; });
    return secrets;
}

}  // namespace

result<ChosenEngine> choose_engine(boost::asio::any_io_executor executor, const Layout& layout,
                                   const ConfinementSettings& confinement, const RunSpec& spec,
                                   const Workspace& workspace, const Scrubber& scrubber) {
    MW_TRY(auto entry,
           engines::Catalogue::load_entry(layout.engine_catalogue_dir, spec.dbt_version));
    MW_TRY(auto installed, engines::find_for_adapter(layout.engines_dir, entry,
                                                     adapter_type(spec.profile.adapter)));
    MW_TRY(auto lease, engines::EngineLease::take(installed.folder));
    ChosenEngine chosen{
        .title = fmt::format("{} ({})", entry.title, installed.dbt_version),
        .folder = installed.folder,
        .bin = installed.folder / "bin",
        .is_native = entry.family != engines::Family::core1,
        .lease = std::move(lease),
        .session = nullptr,
    };
    MW_TRY(auto plan,
           plan_confinement(confinement, layout, workspace, spec.profile, installed.folder));
    if (entry.family == engines::Family::core1)
        chosen.session = std::make_unique<Core1Session>(
            executor,
            Core1Options{
                .cold = {.program = installed.python(),
                         .args = {"-I", "-B", (layout.engine_host_dir / "host.py").string()},
                         .environment = engine_environment(workspace, chosen.bin),
                         .cwd = workspace.root(),
                         .stderr_file = workspace.root() / "engine.err"},
                .warm_socket = layout.warm_socket(installed.folder),
                .confinement = std::move(plan),
                .doors = confinement.doors,
                .secrets = engine_secrets(scrubber)});
    else
        chosen.session = std::make_unique<NativeSession>(
            executor, NativeOptions{.program = installed.program(),
                                    .environment = installed.environment(),
                                    .confiner = layout.program,
                                    .confinement = std::move(plan),
                                    .doors = confinement.doors});
    return chosen;
}

}  // namespace mw::runner
