#include "roles/cli/engine_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engines/catalogue.hpp"
#include "engines/installer.hpp"

namespace mw::cli {
namespace {

struct InstallFlags {
    std::string version = "latest";
    std::string uv = "uv";
    std::string python = "/usr/bin/python3";
    std::string wheelhouse;
    std::string cache;
    bool quiet = false;
};

int complain(const Error& error) {
    fmt::print(stderr, "millwright: {}\n", error.message);
    return 1;
}

result<engines::InstalledEngine> install(const InstallFlags& flags, const Layout& layout) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(const auto* entry, catalogue.resolve_installable(flags.version));
    engines::InstallOptions options{
        .engines_dir = layout.engines_dir, .uv_program = flags.uv, .python_program = flags.python};
    if (!flags.wheelhouse.empty()) options.wheelhouse = flags.wheelhouse;
    if (!flags.cache.empty()) options.cache_dir = flags.cache;
    return engines::install(*entry, options, [&](std::string_view line) {
        if (!flags.quiet) fmt::print("{}\n", line);
        std::fflush(stdout);
    });
}

int list(const Layout& layout) {
    auto catalogue = engines::Catalogue::load(layout.engine_catalogue_dir);
    if (!catalogue) return complain(catalogue.error());
    for (const auto& entry : catalogue->entries()) {
        auto installed = engines::find_installed(layout.engines_dir, entry);
        std::string adapters;
        for (const auto& [name, version] : entry.adapters)
            adapters += fmt::format(" {} {}", name, version);
        fmt::print("{:<16} {:<14} {:<13} {}\n", entry.name, entry.title,
                   installed           ? "installed"
                   : entry.installable ? "available"
                                       : "not here",
                   entry.installable ? entry.dbt_version + "," + adapters : entry.reason);
    }
    return 0;
}

}  // namespace

void add_engine_commands(CLI::App& app, std::function<void(EngineAction)> chosen) {
    auto* engine = app.add_subcommand("engine", "Install dbt engines")->require_subcommand(1);
    auto flags = std::make_shared<InstallFlags>();
    auto* add = engine->add_subcommand("install", "Install an engine of the catalogue");
    add->add_option("version", flags->version, "As an environment names it: latest, 1.11.0-latest");
    add->add_option("--uv", flags->uv, "Path of the uv program");
    add->add_option("--python", flags->python, "Interpreter to build the engine on");
    add->add_option("--wheelhouse", flags->wheelhouse, "Folder of wheels instead of an index");
    add->add_option("--cache-dir", flags->cache, "Keeps downloads for the next time");
    add->add_flag("--quiet", flags->quiet, "Say nothing unless it fails");
    add->callback([chosen, flags] {
        chosen([flags](const Settings&, const Layout& layout) {
            auto installed = install(*flags, layout);
            if (!installed) return complain(installed.error());
            if (!flags->quiet)
                fmt::print("{} is installed: dbt {}\n", installed->name, installed->dbt_version);
            return 0;
        });
    });
    engine->add_subcommand("list", "Show the catalogue and what is installed")->callback([chosen] {
        chosen([](const Settings&, const Layout& layout) { return list(layout); });
    });
}

}  // namespace mw::cli
