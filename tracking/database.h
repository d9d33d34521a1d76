// A file of SQLite: statements, transactions, errors as exceptions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace evalzip {

// The history cannot be read or written. The message names the file and says why.
class HistoryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Database;

// One prepared statement. Values are bound, never pasted into the text.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, double value);
  Statement& bind(int place, std::string_view value);

  bool step();   // true: there is a row
  void run();    // to its end, then ready to be bound anew
  void reset();  // ready to be bound anew

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Database {
 public:
  // Creates the file if it is not there. Others may write it at once: they wait for each other.
  explicit Database(const std::filesystem::path& file);

  void execute(const std::string& sql);
  std::int64_t last_row() const;
  [[noreturn]] void fail(const std::string& what) const;
  sqlite3* handle() const { return handle_.get(); }

 private:
  void use_write_ahead_log();

  struct Closer {
    void operator()(sqlite3* database) const;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Closer> handle_;
};

// Everything between construction and commit() happens or nothing does, even if the process is
// killed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool done_ = false;
};

}  // namespace evalzip
