// Rows of one statement, read by column name or into a described struct.
//
//   struct Job { Id id; std::string name; std::optional<Timestamp> next_run_at; };
//   BOOST_DESCRIBE_STRUCT(Job, (), (id, name, next_run_at))
//   std::vector<Job> jobs = rows.all<Job>();
//
// Each member is read from the column of its own name; a member without a column keeps its
// default, so that one struct serves several queries.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "infra/pg/value.hpp"

namespace mw::pg {

class Rows {
  public:
    explicit Rows(PGresult* result) : result_(result, &PQclear) {}

    int size() const { return PQntuples(result_.get()); }
    bool empty() const { return size() == 0; }
    // Rows that an INSERT, UPDATE or DELETE touched.
    std::int64_t affected() const;

    template <class T>
    T get(int row, const char* column) const {
        T value{};
        read(row, column_index(column), value);
        return value;
    }
    bool is_null(int row, const char* column) const {
        return PQgetisnull(result_.get(), row, column_index(column)) != 0;
    }

    template <class T>
    T as(int row) const {
        T value{};
        read_struct(row, places_of<T>(), value);
        return value;
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> values(static_cast<std::size_t>(size()));
        auto places = places_of<T>();
        for (int row = 0; row < size(); ++row)
            read_struct(row, places, values[static_cast<std::size_t>(row)]);
        return values;
    }
    // The first row, if there is one.
    template <class T>
    std::optional<T> first() const {
        return empty() ? std::nullopt : std::optional<T>(as<T>(0));
    }
    // One column of all rows.
    template <class T>
    std::vector<T> column(const char* name) const {
        std::vector<T> values;
        for (int row = 0; row < size(); ++row)
            values.push_back(get<T>(row, name));
        return values;
    }

  private:
    int column_index(const char* column) const {
        int index = PQfnumber(result_.get(), column);
        if (index < 0) throw std::logic_error(std::string("no such column: ") + column);
        return index;
    }
    std::string_view text(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }

    template <class T>
    void read(int row, int column, T& out) const {
        if (PQgetisnull(result_.get(), row, column))
            throw std::logic_error(std::string("unexpected NULL in column ") +
                                   PQfname(result_.get(), column));
        from_column(text(row, column), out);
    }
    template <class T>
    void read(int row, int column, std::optional<T>& out) const {
        if (PQgetisnull(result_.get(), row, column)) {
            out.reset();
        } else {
            from_column(text(row, column), out.emplace());
        }
    }
    template <class T>
    using Members = boost::describe::describe_members<T, boost::describe::mod_any_access |
                                                             boost::describe::mod_inherited>;
    template <class T>
    using Places = std::array<int, boost::mp11::mp_size<Members<T>>::value>;

    // Which column each member is read from; below 0: none. Names are compared once, not in each
    // row.
    template <class T>
    Places<T> places_of() const {
        Places<T> places{};
        std::size_t next = 0;
        boost::mp11::mp_for_each<Members<T>>(
            [&](auto member) { places[next++] = PQfnumber(result_.get(), member.name); });
        return places;
    }

    template <class T>
    void read_struct(int row, const Places<T>& places, T& value) const {
        std::size_t next = 0;
        boost::mp11::mp_for_each<Members<T>>([&](auto member) {
            int column = places[next++];
            if (column >= 0) read(row, column, value.*member.pointer);
        });
    }

    std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

}  // namespace mw::pg
