// Sends to subscribers what is new in the runs that they watch; README.md has the protocol.
//
// One io thread; every member is to be used on it. The pool, the views and the log reader must
// outlive the hub, and the hub its subscribers.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <set>
#include <string>

#include "features/live/topic.hpp"
#include "features/run_log/log_reader.hpp"
#include "features/runs/run_views.hpp"
#include "infra/pg/pool.hpp"

namespace mw::live {

namespace asio = boost::asio;

// One browser. `send` queues and returns.
class Subscriber {
  public:
    virtual ~Subscriber() = default;
    virtual void send(const std::string& message) = 0;
    // Whether runs of this project are for it, of all that an account's topic tells.
    virtual bool may_see_project(Id project_id) const = 0;
};

class LiveHub {
  public:
    LiveHub(asio::any_io_executor executor, pg::Pool& pool, runs::RunViews& views,
            run_log::LogReader& logs);

    // Listens and sends until cancelled.
    asio::awaitable<void> run();

    // The caller has made sure that the subscriber may see the topic. What is in the tables when
    // this returns is not sent again; what comes later is.
    asio::awaitable<result<>> subscribe(Topic topic, Id account_id, Subscriber& subscriber);
    void unsubscribe(Topic topic, Subscriber& subscriber);
    void unsubscribe_all(Subscriber& subscriber);

    // Shows `text` in the place of a line of the run's log to who watches it at this moment. It is
    // kept nowhere, and does not reach who watches through another app process.
    void show_rows(Id run_id, int step, std::int64_t line, std::string_view text);

  private:
    struct Watch {
        Id account_id = 0;
        std::set<Subscriber*> subscribers;
        std::map<int, std::int64_t> last_lines;  // of each step
        std::int64_t node_revision = 0;
        bool run_changed = false;
        bool content_changed = false;
    };

    void on_notification(const std::string& payload);
    void on_connected();
    void mark_changed(Id run_id, bool run_itself);
    asio::awaitable<void> send_loop();
    asio::awaitable<void> send_changes();
    asio::awaitable<result<>> send_content(Id run_id);
    asio::awaitable<result<>> send_lines(Id run_id, int step);
    asio::awaitable<result<>> send_run(Id run_id);
    // Of an account's topic: to those who may see the project.
    void send_to(Topic topic, const boost::json::object& message, Id project_id = 0);

    asio::any_io_executor executor_;
    pg::Pool& pool_;
    runs::RunViews& views_;
    run_log::LogReader& logs_;
    pg::Listener listener_;
    asio::steady_timer wake_;
    std::map<Id, Watch> watches_;                         // by run
    std::map<Id, std::set<Subscriber*>> account_topics_;  // by account
    std::set<Id> changed_runs_;                           // for the accounts' topics
};

}  // namespace mw::live
