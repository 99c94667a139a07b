#include "features/credentials/user_credentials.hpp"

#include "features/credentials/credentials_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::credentials {
namespace {

namespace asio = boost::asio;
using Row = UserCredentials;

result<> check_own(const api::Call& call) {
    MW_TRY(auto user_id, call.id("user_id"));
    if (call.caller.user_id != user_id) return api::not_found();
    return {};
}

resources::Resource<Row> user_credentials() {
    using resources::field;
    return {.noun = "person's choice of credentials",
            .table = "user_credentials",
            .area = api::Area::develop,
            .fields = {field(&Row::credentials_id, {.required = true, .refers = "credentials"})},
            .json =
                [](const Row& row) {
                    auto json = described_to_json(row);
                    json["credentials"] = nullptr;
                    json["project"] = nullptr;
                    return json;
                },
            .visible = [](const api::Call& call,
                          const Row& row) { return call.caller.user_id == row.user_id; },
            .check = [](resources::Change<Row>& change) -> asio::awaitable<result<>> {
                if (change.call.caller.user_id) change.row.user_id = *change.call.caller.user_id;
                co_return result<>{};
            },
            .relate = [](pg::Pool& pool, const api::Call&, const Row& row,
                         boost::json::object& json) -> asio::awaitable<result<>> {
                MW_CO_TRY(auto found,
                          co_await find_credentials(pool, row.account_id, row.credentials_id));
                if (found) json["credentials"] = credentials_json(*found);
                co_return result<>{};
            }};
}

// Rows of others are as if they were not there.
class OwnCredentials {
  public:
    explicit OwnCredentials(pg::Pool& pool)
        : rows_(std::make_shared<resources::ResourceApi<Row>>(user_credentials(), pool)) {}

    api::Reply list(api::Call& call) {
        MW_CO_CHECK(check_own(call));
        call.request.query.emplace_back("user_id", call.request.path_params["user_id"]);
        co_return co_await rows_->list(call);
    }
    template <api::Reply (resources::ResourceApi<Row>::*Do)(api::Call&)>
    api::Reply guarded(api::Call& call) {
        MW_CO_CHECK(check_own(call));
        co_return co_await ((*rows_).*Do)(call);
    }

  private:
    std::shared_ptr<resources::ResourceApi<Row>> rows_;
};

}  // namespace

void add_user_credentials_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    using Rows = resources::ResourceApi<Row>;
    auto own = std::make_shared<OwnCredentials>(pool);
    const std::string path = "/api/v3/users/{user_id}/credentials/";
    const auto reads = api::reads(api::Area::develop);
    const auto writes = api::writes(api::Area::develop);
    auto schema = described_schema<Row>();
    boost::json::object body{
        {"type", "object"},
        {"required", {"project_id", "credentials_id"}},
        {"properties",
         {{"project_id", {{"type", "integer"}}}, {"credentials_id", {{"type", "integer"}}}}}};
    api.get(path, reads, [own](api::Call& call) { return own->list(call); })
        .says("As whom one works on projects")
        .gives(How::list, schema);
    api.post(path, writes, [own](api::Call& call) { return own->guarded<&Rows::create>(call); })
        .says("Choose as whom one works on a project")
        .takes(body)
        .gives(How::one, schema);
    api.get(path + "{id}/", reads,
            [own](api::Call& call) { return own->guarded<&Rows::get>(call); })
        .says("As whom one works on a project")
        .gives(How::one, schema);
    body.erase("required");
    api.post(path + "{id}/", writes,
             [own](api::Call& call) { return own->guarded<&Rows::update>(call); })
        .says("Choose others for a project")
        .takes(body)
        .gives(How::one, schema);
    api.del(path + "{id}/", writes,
            [own](api::Call& call) { return own->guarded<&Rows::remove>(call); })
        .says("Choose none for a project")
        .gives(How::one, schema);
}

}  // namespace mw::credentials
