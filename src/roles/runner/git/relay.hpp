// For git, which speaks HTTP but to no Unix socket: a port of the loopback interface whose
// connections all lead to one. It knows nothing of what goes through; who comes needs the token
// that the other end asks for.
//
// Thread: one io thread. Destroying it closes the port and every connection.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::runner {

class Relay {
  public:
    static result<Relay> open(boost::asio::any_io_executor executor, std::filesystem::path socket);
    Relay(Relay&&) noexcept;
    Relay& operator=(Relay&&) noexcept;
    ~Relay();

    // Of something at the other end, by its path.
    std::string url(std::string_view path) const;

  private:
    struct State;
    explicit Relay(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace mw::runner
