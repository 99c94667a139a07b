#include "roles/runner/lint/lint_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "base/files.hpp"
#include "base/trimmed.hpp"
#include "dbt/adapters/adapter.hpp"
#include "engines/catalogue.hpp"
#include "engines/engine_lease.hpp"
#include "engines/installer.hpp"
#include "roles/runner/command/node_list.hpp"
#include "roles/runner/command/node_tracker.hpp"
#include "roles/runner/engine/confined_tool.hpp"
#include "roles/runner/lint/lint_config.hpp"
#include "roles/runner/lint/lint_report.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr int kMostFindingsShown = 1000;
constexpr std::size_t kMostFiles = 200;
constexpr std::size_t kMostPathBytes = 60'000;
constexpr std::string_view kTemplaterDbt = "dbt";

// The last line that says something: of a Python program, why it broke.
std::string last_words(std::string_view text) {
    while (!text.empty()) {
        auto begin = text.find_last_of('\n');
        auto line = trimmed(text.substr(begin == text.npos ? 0 : begin + 1));
        if (!line.empty()) return std::string(line);
        if (begin == text.npos) break;
        text = text.substr(0, begin);
    }
    return {};
}

class Lint {
  public:
    explicit Lint(LintStep step) : step_(std::move(step)) {}

    asio::awaitable<StepOutcome> run() {
        auto report = co_await lint();
        if (step_.stop.requested()) {
            step_.log.warn(step_.stop.message());
            co_return StepOutcome{Status::cancelled, step_.stop.message()};
        }
        if (!report) {
            if (!report.error().detail.empty()) step_.log.debug(report.error().detail);
            co_return failure(report.error().message);
        }
        for (const auto& line : lines_of(*report, kMostFindingsShown))
            step_.log.warn(line);
        if (report->violations() > 0) co_return failure(summary_of(*report));
        step_.log.info(summary_of(*report));
        co_return StepOutcome{Status::success, {}};
    }

  private:
    StepOutcome failure(const std::string& sentence) {
        if (step_.fails) {
            step_.log.error(sentence);
            return {Status::error, first_words(sentence)};
        }
        step_.log.warn(sentence);
        step_.log.warn("The run goes on: the job takes what the linter finds as a warning.");
        return {Status::success, {}};
    }

    asio::awaitable<result<LintReport>> lint() {
        MW_CO_TRY(auto entry, engines::Catalogue::load_linter(step_.layout.engine_catalogue_dir));
        MW_CO_TRY(auto linter, engines::find_for_adapter(step_.layout.engines_dir, entry, {}));
        MW_CO_TRY(auto lease, engines::EngineLease::take(linter.folder));
        MW_CO_TRY(auto files, co_await files_to_lint());
        LintReport report;
        if (files.empty()) {
            step_.log.info(step_.deferred.there_is() ? "No SQL model has changed."
                                                     : "The project has no SQL models.");
            co_return report;
        }
        MW_CO_CHECK(set_up(linter));
        step_.log.info(fmt::format("Linting {} {} with {}", files.size(),
                                   files.size() == 1 ? "file" : "files", linter.version_words()));
        for (std::span<const std::string> rest = files; !rest.empty();) {
            auto batch = rest.first(batch_size(rest));
            MW_CO_TRY(auto found, co_await lint_batch(linter, batch));
            report.add(std::move(found));
            rest = rest.subspan(batch.size());
        }
        co_return report;
    }

    // Of the project itself, as paths in the repository.
    asio::awaitable<result<std::vector<std::string>>> files_to_lint() {
        if (auto none = step_.deferred.why_none(); !none.empty())
            step_.log.info("All models are linted, because what has changed is not known: " + none);
        MW_CO_TRY(auto listed, co_await list_models(
                                   step_.engine, step_.log, step_.stop, step_.deferred,
                                   step_.deferred.there_is() ? "--select state:modified" : "",
                                   step_.environment, step_.workspace.seen(step_.project_folder)));
        std::vector<std::string> files;
        auto below = step_.project_folder.lexically_relative(
            fs::weakly_canonical(step_.workspace.repository()));
        for (const auto& node : listed) {
            bool ours = step_.project.name.empty() || node.package_name == step_.project.name;
            std::error_code error;
            if (ours && node.original_file_path.ends_with(".sql") &&
                fs::is_regular_file(step_.project_folder / node.original_file_path, error))
                files.push_back((below / node.original_file_path).lexically_normal().string());
        }
        // A file may hold several models' words for dbt, but is linted once.
        std::ranges::sort(files);
        auto twice = std::ranges::unique(files);
        files.erase(twice.begin(), twice.end());
        co_return files;
    }

    // A home folder whose settings hold where the project says nothing.
    result<> set_up(const engines::InstalledEngine& linter) {
        auto home = (step_.workspace.root() / "lint-XXXXXX").string();
        if (!::mkdtemp(home.data()))
            return fail(
                file_error(errno, "The linter's settings cannot be made", step_.workspace.root()));
        home_ = home;
        auto repository = fs::weakly_canonical(step_.workspace.repository());
        std::vector<fs::path> folders{repository};
        if (step_.project_folder != repository) folders.push_back(step_.project_folder);
        auto own = read_own_config(folders);
        if (own.templater == kTemplaterDbt && !has_templater_dbt(linter)) {
            templater_ = "jinja";
            step_.log.warn(
                "The project's settings ask for SQLFluff's templater `dbt`, which is not part of "
                "what Millwright installs: the templater `jinja` is used, with dbt's builtin "
                "macros and the project's own.");
        }
        std::vector<fs::path> macros;
        std::error_code error;
        for (const auto& path : step_.project.macro_paths)
            if (auto folder = (step_.project_folder / path).lexically_normal();
                fs::is_directory(folder, error))
                macros.push_back(step_.workspace.seen(folder));
        auto known = dbt::find_adapter(step_.adapter);
        auto type = known ? std::string((*known)->type) : step_.adapter;
        return write_file_atomically(home_ / ".sqlfluff", fallback_config(type, own, macros), 0600);
    }

    static bool has_templater_dbt(const engines::InstalledEngine& linter) {
        std::error_code error;
        for (const auto& python : fs::directory_iterator(linter.folder / "lib", error))
            if (fs::exists(python.path() / "site-packages" / "sqlfluff_templater_dbt", error))
                return true;
        return false;
    }

    static std::size_t batch_size(std::span<const std::string> files) {
        std::size_t bytes = 0;
        std::size_t count = 0;
        while (count < std::min(files.size(), kMostFiles)) {
            bytes += files[count].size() + 1;
            if (bytes > kMostPathBytes && count > 0) break;
            ++count;
        }
        return count;
    }

    result<ToolCommand> command_for(const engines::InstalledEngine& linter,
                                    std::span<const std::string> files) const {
        ToolCommand command{
            .program = linter.python(),
            // Isolated: no module of the project's folder stands in for one of the linter's.
            .args = {"-I", "-B", "-m", std::string(engines::kLinter), "lint", "--format", "json",
                     "--nofail", "--disable-progress-bar"},
            .environment = engine_environment(step_.workspace, linter.folder / "bin"),
            .cwd = step_.workspace.seen(fs::weakly_canonical(step_.workspace.repository())),
            .confinement = std::nullopt,
            .confiner = step_.layout.program,
            .doors = step_.confinement.doors};
        if (!templater_.empty())
            command.args.insert(command.args.end(), {"--templater", templater_});
        command.args.emplace_back("--");
        command.args.insert(command.args.end(), files.begin(), files.end());
        command.environment["HOME"] = step_.workspace.seen(home_);
        command.environment["TMPDIR"] = step_.workspace.seen(step_.workspace.tmp());
        // It needs no warehouse, so it is given the way to none.
        MW_TRY(command.confinement, plan_confinement(step_.confinement, step_.layout,
                                                     step_.workspace, {}, linter.folder));
        return command;
    }

    asio::awaitable<result<LintReport>> lint_batch(const engines::InstalledEngine& linter,
                                                   std::span<const std::string> files) {
        MW_CO_TRY(auto command, command_for(linter, files));
        MW_CO_TRY(auto done, co_await run_tool(step_.executor, std::move(command), step_.stop));
        for (std::string_view rest = done.complaints; !rest.empty();) {
            auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            if (line.starts_with("WARNING"))
                step_.log.warn(line);
            else
                step_.log.debug(line);
        }
        if (!done.status.success()) {
            auto why = last_words(done.complaints);
            co_return fail(Errc::upstream_failed,
                           fmt::format("SQLFluff could not lint: {}",
                                       why.empty() ? done.status.describe() : why));
        }
        if (done.cut) co_return fail(Errc::upstream_failed, "SQLFluff's report is too long.");
        co_return parse_lint_report(done.output);
    }

    LintStep step_;
    fs::path home_;
    std::string templater_;  // in place of the project's; empty: the project's
};

}  // namespace

asio::awaitable<StepOutcome> lint_models(LintStep step) {
    Lint lint(std::move(step));
    co_return co_await lint.run();
}

}  // namespace mw::runner
