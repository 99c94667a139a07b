#include "features/docs_site/docs_site_api.hpp"

#include <deque>

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/artifacts/artifact_content.hpp"
#include "features/docs_site/docs_page.hpp"
#include "features/docs_site/docs_site_store.hpp"

namespace mw::docs_site {
namespace {

using artifacts::Artifact;

constexpr std::size_t kPieceBytes = 128UL * 1024;
// dbt's own has under 2 MB.
constexpr std::uint64_t kPageBytesMax = 16UL * 1024 * 1024;

// The gateway leaves a policy alone that an answer brings along.
constexpr std::string_view kPolicy =
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'";

// The page piece by piece, so that a manifest of any size takes little memory.
class Site {
  public:
    Site(store::ObjectStore& objects, std::vector<Part> parts,
         std::map<std::string, Artifact> files)
        : objects_(objects),
          parts_(std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end())),
          files_(std::move(files)) {}

    Awaitable<std::string> next() {
        while (reader_ || !parts_.empty()) {
            if (!reader_) {
                auto part = std::move(parts_.front());
                parts_.pop_front();
                if (part.file.empty()) {
                    if (!part.text.empty()) co_return std::move(part.text);
                    continue;
                }
                MW_CO_TRY(reader_, co_await artifacts::open_content(objects_, files_.at(part.file),
                                                                    std::nullopt));
            }
            MW_CO_TRY(auto piece, co_await reader_->read(kPieceBytes));
            if (!piece.empty()) co_return in_script(std::move(piece));
            reader_.reset();
        }
        co_return std::string{};
    }

  private:
    store::ObjectStore& objects_;
    std::deque<Part> parts_;
    std::map<std::string, Artifact> files_;
    std::shared_ptr<store::ObjectReader> reader_;
};

class DocsSiteApi {
  public:
    DocsSiteApi(pg::Pool& pool, store::ObjectStore& objects) : pool_(pool), objects_(objects) {}

    api::Reply of_project(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        MW_CO_CHECK(call.permit(project_id));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto found, co_await find_docs_run(*lease, call.account_id, project_id));
        if (!found)
            co_return fail(Errc::not_found,
                           "No run of this project has made a documentation site. A job that "
                           "generates docs makes one.");
        co_return api::success(described_to_json(*found));
    }

    api::Reply of_run(api::Call& call) {
        MW_CO_TRY(auto run_id, call.id("run_id"));
        Artifact index;
        std::map<std::string, Artifact> files;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_TRY(auto project,
                      co_await artifacts::project_of_run(*lease, call.account_id, run_id));
            if (!project) co_return api::not_found();
            MW_CO_CHECK(call.permit(*project));
            MW_CO_TRY(index, co_await file_of(*lease, call.account_id, run_id, "index.html"));
            for (auto name : {"manifest.json", "catalog.json"}) {
                MW_CO_TRY(files[name], co_await file_of(*lease, call.account_id, run_id, name));
            }
        }
        MW_CO_TRY(auto page, co_await artifacts::read_content(objects_, index, kPageBytesMax));
        MW_CO_TRY(auto parts, parts_of_page(page));
        http::Response response;
        response.headers["content-type"] = "text/html; charset=utf-8";
        response.headers["content-security-policy"] = kPolicy;
        response.headers["x-frame-options"] = "SAMEORIGIN";
        response.headers["cache-control"] = "private, no-cache";
        auto site = std::make_shared<Site>(objects_, std::move(parts), std::move(files));
        response.stream = [site] { return site->next(); };
        co_return response;
    }

  private:
    static Awaitable<Artifact> file_of(pg::Connection& connection, Id account_id, Id run_id,
                                       std::string_view name) {
        MW_CO_TRY(auto found, co_await artifacts::find_artifact(connection, account_id, run_id,
                                                                name, std::nullopt));
        // Only what was compiled lies in packs.
        if (!found || found->pack_offset)
            co_return fail(
                Errc::not_found,
                fmt::format("This run has made no documentation site: it left no {}.", name));
        co_return *std::move(found);
    }

    pg::Pool& pool_;
    store::ObjectStore& objects_;
};

}  // namespace

void add_docs_site_endpoints(api::Api& api, pg::Pool& pool, store::ObjectStore& objects) {
    auto sites = std::make_shared<DocsSiteApi>(pool, objects);
    const std::string account = "/api/ui/accounts/{account_id}/";
    constexpr auto reads = api::reads(api::Area::runs);
    api.get(account + "projects/{project_id}/docs/", reads,
            [sites](api::Call& call) { return sites->of_project(call); })
        .says("Tell which run's documentation site is a project's")
        .gives(api::Route::Answer::one, api::schema_like(described_to_json(DocsRun{})));
    api.get(account + "runs/{run_id}/docs/", reads,
            [sites](api::Call& call) { return sites->of_run(call); })
        .says("Get the documentation site that a run has made")
        .gives(api::Route::Answer::raw)
        .in("text/html");
}

}  // namespace mw::docs_site
