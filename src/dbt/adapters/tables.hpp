// The tables of all adapters. Only adapter.cpp needs them.
#pragma once

#include "dbt/adapters/adapter.hpp"

namespace mw::dbt {

extern const Adapter kApacheSpark;
extern const Adapter kAthena;
extern const Adapter kBigquery;
extern const Adapter kClickhouse;
extern const Adapter kDatabricks;
extern const Adapter kDatabricksSpark;
extern const Adapter kDuckdb;
extern const Adapter kFabric;
extern const Adapter kPostgres;
extern const Adapter kRedshift;
extern const Adapter kSnowflake;
extern const Adapter kSynapse;
extern const Adapter kTeradata;
extern const Adapter kTrino;

}  // namespace mw::dbt
