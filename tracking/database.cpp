#include "tracking/database.h"

#include <sqlite3.h>

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace evalzip {
namespace {

// How long one writer waits for another.
constexpr int kWaitMilliseconds = 60'000;

}  // namespace

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK) {
    database.fail("cannot read or write it");
  }
  statement_.reset(statement);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int place, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), place, value);
  return *this;
}

Statement& Statement::bind(int place, double value) {
  sqlite3_bind_double(statement_.get(), place, value);
  return *this;
}

// Names of Linux files are any bytes: they are kept as BLOBs, which SQLite never changes.
Statement& Statement::bind(int place, std::string_view value) {
  sqlite3_bind_blob64(statement_.get(), place, value.empty() ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  database_.fail("cannot read or write it");
}

void Statement::run() {
  while (step()) continue;
  reset();
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Database::Database(const std::filesystem::path& file) : file_(file) {
  sqlite3* database = nullptr;
  const int result =
      sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  handle_.reset(database);
  if (result != SQLITE_OK) fail("cannot open it");
  sqlite3_busy_timeout(database, kWaitMilliseconds);
  use_write_ahead_log();
  execute("PRAGMA synchronous=NORMAL");
  execute("PRAGMA cache_size=-65536");  // KiB: an import touches a page of every series
  execute("PRAGMA foreign_keys=ON");
}

// With it readers and one writer do not wait for each other, and a killed writer's unfinished
// transaction is ignored by whoever comes next. SQLite does not wait by itself where two make the
// switch in a new file at once: it reports the second as busy immediately.
void Database::use_write_ahead_log() {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(kWaitMilliseconds);
  while (true) {
    const int result =
        sqlite3_exec(handle_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
    if (result == SQLITE_OK) return;
    if (result != SQLITE_BUSY || Clock::now() > end) fail("cannot read or write it");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Database::Closer::operator()(sqlite3* database) const { sqlite3_close(database); }

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail("cannot read or write it");
  }
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }

void Database::fail(const std::string& what) const {
  throw HistoryError(fmt::format("history {}: {}: {}", file_.string(), what,
                                 handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory"));
}

// IMMEDIATE: waits here for another writer, not in the middle.
Transaction::Transaction(Database& database) : database_(database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!done_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  done_ = true;
}

}  // namespace evalzip
