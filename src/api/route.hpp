// What is known of an endpoint besides its code: who may call it, and what the OpenAPI document
// says of it.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "api/grants.hpp"

namespace mw::api {

struct Route {
    enum class Answer { one, list, raw };  // an envelope with an object or a list; no envelope

    std::string method;
    std::string pattern;
    Need need;

    std::string summary = {};
    Answer answer = Answer::one;
    boost::json::object data = {};        // JSON schema of what is answered, or of one in the list
    boost::json::object body = {};        // of what is sent; empty: nothing is
    std::vector<std::string> query = {};  // names of parameters
    std::string media = "application/json";  // of what is answered

    Route& says(std::string text) {
        summary = std::move(text);
        return *this;
    }
    Route& gives(Answer what, boost::json::object schema = {}) {
        answer = what;
        data = std::move(schema);
        return *this;
    }
    Route& in(std::string media_type) {
        media = std::move(media_type);
        return *this;
    }
    Route& takes(boost::json::object schema) {
        body = std::move(schema);
        return *this;
    }
    Route& asks(std::vector<std::string> names) {
        query = std::move(names);
        return *this;
    }
};

}  // namespace mw::api
