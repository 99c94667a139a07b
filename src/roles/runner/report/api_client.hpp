// The workers' API, as one run may use it: every call is retried while the app or its database
// is away, and every answer is looked at for a request to cancel.
//
// An outage may last four leases (patience): that long a run is not given to anyone else without
// the app saying so. After that, or when the app says that the run is over or not ours any more
// (401, 403, 409, 410), the run is `lost`: Stop learns it, and the call fails with lease_lost.
// An answer to `finish` that got lost is not taken for a lost run: when the app then says that the
// run is over, it is.
// While Millwright is stopping, an outage may last ten seconds only.
// Other errors: invalid_argument and payload_too_large (refused), not_found, upstream_failed (the
// app failed eight times in a row on this very call).
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "infra/http/client/client.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

class ApiClient {
  public:
    // `what` is the kind of work, as the API's paths name it.
    ApiClient(boost::asio::any_io_executor executor, std::filesystem::path socket, Secret token,
              Stop& stop, std::string what = "run");

    const Secret& token() const { return token_; }
    void set_lease(std::chrono::seconds lease) { lease_ = lease; }
    // How often to call heartbeat.
    std::chrono::milliseconds heartbeat_interval() const;

    boost::asio::awaitable<result<boost::json::value>> spec();
    boost::asio::awaitable<result<>> heartbeat();
    boost::asio::awaitable<result<>> put_steps(boost::json::array steps);
    boost::asio::awaitable<result<>> put_progress(boost::json::object progress);
    // Those that this run was the first to see, as KnownHosts tells them.
    boost::asio::awaitable<result<>> put_host_keys(boost::json::array host_keys);
    // What lets git into another repository of the project's host; an empty object: nothing more
    // than the project's own has.
    boost::asio::awaitable<result<boost::json::value>> git_credential(std::string repository);
    // The body as LogBuffer makes it.
    boost::asio::awaitable<result<>> put_logs(boost::json::object logs);
    boost::asio::awaitable<result<>> put_artifact(std::string path, int step,
                                                  std::filesystem::path file);
    // Many small ones at once; the file is a pack (infra/zstd/pack.hpp).
    boost::asio::awaitable<result<>> put_artifact_pack(int step, std::filesystem::path file);
    // Of the run that this one retries or defers to; any other is not_found.
    boost::asio::awaitable<result<>> get_artifact_of(Id run_id, std::string path,
                                                     std::filesystem::path file);
    boost::asio::awaitable<result<>> finish(boost::json::object outcome);

  private:
    using SteadyClock = std::chrono::steady_clock;
    enum class Next { done, retry, fail };

    boost::asio::awaitable<result<http::ClientResponse>> call(http::ClientRequest request);
    boost::asio::awaitable<result<>> put_file(std::string to, std::filesystem::path file);
    boost::asio::awaitable<result<>> post(std::string what, const boost::json::value& body);
    http::ClientRequest make_request(std::string method, std::string path) const;
    // Decides what an answer means; `error` is set for Next::fail.
    Next judge(const result<http::ClientResponse>& response, int server_failures, Error& error);
    void read_cancel(const std::string& body);
    std::chrono::milliseconds patience() const;
    void note_outage(const Error& why);
    void note_contact();

    boost::asio::any_io_executor executor_;
    http::Client client_;
    std::filesystem::path socket_;
    std::string what_;
    Secret token_;
    Stop& stop_;
    std::chrono::seconds lease_{30};
    SteadyClock::time_point last_contact_;
    bool outage_ = false;
    // After it has been sent, "the run is over" is what `finish` wanted to hear.
    bool finish_sent_ = false;
};

}  // namespace mw::runner
