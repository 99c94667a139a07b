// For programs that speak to no Unix socket, as git and drivers of databases: a port of the
// loopback interface whose connections all lead to one. It knows nothing of what goes through; who
// comes needs the token that the other end asks for.
//
// Thread: one io thread. Destroying it closes the port and every connection.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::runner {

class Relay {
  public:
    // At `port` if that is free, else at any.
    static result<Relay> open(boost::asio::any_io_executor executor, std::filesystem::path socket,
                              std::uint16_t port = 0);
    Relay(Relay&&) noexcept;
    Relay& operator=(Relay&&) noexcept;
    ~Relay();

    std::uint16_t port() const;
    // Of something at the other end that speaks HTTP, by its path.
    std::string url(std::string_view path) const;

  private:
    struct State;
    explicit Relay(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace mw::runner
