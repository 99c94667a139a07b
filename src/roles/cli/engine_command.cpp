#include "roles/cli/engine_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "engines/wheelhouse.hpp"
#include "roles/cli/engine_removal.hpp"
#include "roles/cli/engine_report.hpp"

namespace mw::cli {
namespace {

struct EngineFlags {
    std::string version;
    std::vector<std::string> adapters;
    std::string accepted_licence;
    std::string uv = "uv";
    std::string python = "/usr/bin/python3";
    std::string npm = "npm";
    std::string wheelhouse;
    std::string cache;
    std::string to;
    bool quiet = false;
    bool json = false;
    bool force = false;
};

using Flags = std::shared_ptr<EngineFlags>;

int complain(const Error& error) {
    fmt::print(stderr, "millwright: {}\n", error.message);
    return 1;
}

engines::InstallOptions options_of(const EngineFlags& flags, const Layout& layout) {
    engines::InstallOptions options{.engines_dir = layout.engines_dir,
                                    .uv_program = flags.uv,
                                    .python_program = flags.python,
                                    .npm_program = flags.npm,
                                    .accepted_licence = flags.accepted_licence};
    if (!flags.wheelhouse.empty()) options.wheelhouse = flags.wheelhouse;
    if (!flags.cache.empty()) options.cache_dir = flags.cache;
    return options;
}

engines::Progress progress_of(const EngineFlags& flags) {
    return [quiet = flags.quiet](std::string_view line) {
        if (!quiet) fmt::print("{}\n", line);
        std::fflush(stdout);
    };
}

// The sets that the adapters on the command line stand for, each once; none: the base set.
result<std::vector<const engines::AdapterSet*>> sets_of(const engines::Entry& entry,
                                                        const EngineFlags& flags) {
    std::vector<const engines::AdapterSet*> sets;
    for (const auto& adapter : flags.adapters) {
        MW_TRY(const auto* set, entry.set_with(adapter));
        if (std::ranges::find(sets, set) == sets.end()) sets.push_back(set);
    }
    if (sets.empty()) sets.push_back(&entry.base());
    return sets;
}

result<> install(const EngineFlags& flags, const Layout& layout) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(const auto* entry, catalogue.resolve_installable(flags.version));
    MW_TRY(auto sets, sets_of(*entry, flags));
    for (const auto* set : sets) {
        MW_TRY(auto engine,
               engines::install(*entry, *set, options_of(flags, layout), progress_of(flags)));
        if (flags.quiet) continue;
        fmt::print("{} is installed: {}{}, {}\n", engine.name, engine.version_words(),
                   with_adapters(engine.adapters), describe_bytes(engine.bytes));
        for (const auto& limit : set->limits)
            fmt::print("Note: {}\n", limit);
    }
    return {};
}

result<> download(const EngineFlags& flags, const Layout& layout) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(const auto* entry, catalogue.resolve_installable(flags.version));
    MW_TRY(auto sets, sets_of(*entry, flags));
    for (const auto* set : sets) {
        MW_TRY(auto downloaded, engines::download(*entry, *set, options_of(flags, layout), flags.to,
                                                  progress_of(flags)));
        if (!flags.quiet)
            fmt::print("{} files, {}, are in {}. There, this installs it: {} --wheelhouse {}\n",
                       downloaded.files, describe_bytes(downloaded.bytes), flags.to,
                       engines::install_command(*entry, *set), flags.to);
    }
    return {};
}

result<> remove(const EngineFlags& flags, const Layout& layout) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    MW_TRY(
        auto removed,
        remove_engines(catalogue, layout,
                       {.version = flags.version, .adapters = flags.adapters, .force = flags.force},
                       progress_of(flags)));
    for (const auto& engine : removed)
        fmt::print("{} is removed: {} are free again\n", engine.folder.filename().string(),
                   describe_bytes(engine.bytes));
    return {};
}

void add_program_options(CLI::App& command, const Flags& flags) {
    command.add_option("version", flags->version, "As an environment names it: 1.11.0-latest")
        ->default_val("latest");
    command.add_option("--adapter", flags->adapters,
                       "With this adapter, such as snowflake; may be repeated. Default: DuckDB and "
                       "PostgreSQL");
    command.add_option("--accept-licence", flags->accepted_licence,
                       "Name of the licence that you accept, of an engine whose licence is not "
                       "free");
    command.add_option("--uv", flags->uv, "Path of the uv program");
    command.add_option("--python", flags->python, "Interpreter to build the engine on");
    command.add_option("--npm", flags->npm, "Path of the npm program, for drivers");
    command.add_option("--cache-dir", flags->cache, "Keeps downloads for the next time");
    command.add_flag("--quiet", flags->quiet, "Say nothing unless it fails");
}

// What a subcommand does, with its flags as they are when it is chosen.
void does(CLI::App* command, const std::function<void(EngineAction)>& chosen, Flags flags,
          std::function<result<>(const EngineFlags&, const Layout&)> work) {
    command->callback([chosen, flags = std::move(flags), work = std::move(work)] {
        chosen([flags, work](const Settings&, const Layout& layout) {
            auto done = work(*flags, layout);
            return done ? 0 : complain(done.error());
        });
    });
}

}  // namespace

void add_engine_commands(CLI::App& app, std::function<void(EngineAction)> chosen) {
    auto* engine = app.add_subcommand("engine", "Install dbt engines")->require_subcommand(1);
    // A default that one of them sets must not reach another.
    auto flags = std::make_shared<EngineFlags>();
    auto* add = engine->add_subcommand("install", "Install an engine of the catalogue");
    add_program_options(*add, flags);
    add->add_option("--wheelhouse", flags->wheelhouse, "Folder of wheels instead of an index");
    does(add, chosen, flags, install);

    flags = std::make_shared<EngineFlags>();
    auto* fetch = engine->add_subcommand(
        "download", "Fetch what an engine consists of, for a machine without a package index");
    add_program_options(*fetch, flags);
    fetch->add_option("--to", flags->to, "Folder for the files")->required();
    does(fetch, chosen, flags, download);

    flags = std::make_shared<EngineFlags>();
    auto* list = engine->add_subcommand("list", "Show the catalogue and what is installed");
    list->add_option("version", flags->version, "Of this one alone, with what it cannot do");
    list->add_flag("--json", flags->json, "As JSON");
    does(list, chosen, flags, [](const EngineFlags& given, const Layout& layout) {
        return list_engines(layout, given.version, given.json);
    });

    flags = std::make_shared<EngineFlags>();
    auto* check = engine->add_subcommand(
        "verify", "Compare the files of installed engines with what was installed");
    check->add_option("version", flags->version, "Of this one alone");
    check->add_option("--adapter", flags->adapters, "Of this adapter alone");
    does(check, chosen, flags, [](const EngineFlags& given, const Layout& layout) {
        return verify_engines(layout, given.version, given.adapters);
    });

    flags = std::make_shared<EngineFlags>();
    auto* drop = engine->add_subcommand("remove", "Remove an installed engine");
    drop->add_option("version", flags->version, "As an environment names it, or a folder's name")
        ->required();
    drop->add_option("--adapter", flags->adapters,
                     "The one with this adapter. Default: the one with DuckDB and PostgreSQL");
    drop->add_flag("--force", flags->force,
                   "Even if an environment or a job uses it; never during a run");
    does(drop, chosen, flags, remove);
}

}  // namespace mw::cli
