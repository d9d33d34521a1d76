// Samples that are text: prose, JSON, a log, CSV.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "corpora/demo_samples.h"
#include "corpora/demo_words.h"

namespace evalzip {
namespace {

std::vector<std::byte> first_bytes(const std::string& text, std::uint64_t size) {
  std::vector<std::byte> bytes(size);
  if (size > 0) std::memcpy(bytes.data(), text.data(), size);
  return bytes;
}

// Appends lines until there are `size` bytes.
template <class Line>
std::vector<std::byte> lines(std::uint64_t size, Line next_line) {
  std::string text;
  while (text.size() < size) next_line(text);
  return first_bytes(text, size);
}

struct CivilTime {
  int year;
  unsigned month, day, hour, minute, second;
};

CivilTime civil_time(std::int64_t unix_seconds) {
  using std::chrono::floor, std::chrono::days, std::chrono::seconds;
  const std::chrono::sys_seconds instant{seconds{unix_seconds}};
  const auto midnight = floor<days>(instant);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss time{instant - midnight};
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = static_cast<unsigned>(time.hours().count()),
          .minute = static_cast<unsigned>(time.minutes().count()),
          .second = static_cast<unsigned>(time.seconds().count())};
}

std::string iso_time(std::int64_t unix_seconds) {
  const CivilTime t = civil_time(unix_seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour,
                     t.minute, t.second);
}

// Breaks a paragraph at spaces so that lines have at most 72 bytes, as plain-text books do.
void append_wrapped(std::string& text, const std::string& paragraph) {
  constexpr std::size_t kWidth = 72;
  std::size_t start = 0;
  while (paragraph.size() - start > kWidth) {
    std::size_t space = paragraph.rfind(' ', start + kWidth);
    if (space == std::string::npos || space < start) space = start + kWidth;
    text.append(paragraph, start, space - start).append("\n");
    start = space + 1;
  }
  text.append(paragraph, start).append("\n\n");
}

// Numbers are drawn into variables first: the order in which a call's arguments are evaluated
// differs between compilers, and with it the bytes would.
std::string order_item(Random& random, ProseWriter& writer) {
  const std::string title = writer.short_note();
  const auto quantity = random.chance(70) ? 1 : random.between(2, 12);
  const auto cents = random.between(199, 24999) / 10 * 10 + 9;
  const auto shelf = static_cast<char>('A' + random.below(26));
  const std::uint64_t number = random.below(40000);
  return fmt::format(R"({{"sku":"{}-{:05}","title":"{}","quantity":{},"price":{}.{:02}}})", shelf,
                     number, title, quantity, cents / 100, cents % 100);
}

std::string order_customer(Random& random, ProseWriter& writer) {
  const std::string name = writer.person();
  std::string address = name;
  std::replace(address.begin(), address.end(), ' ', '.');
  std::transform(address.begin(), address.end(), address.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::array<std::string_view, 4> kHosts{"example.com", "example.org", "example.net",
                                                   "mail.example.com"};
  const std::string_view host = kHosts[random.below(kHosts.size())];
  const std::uint64_t id = random.below(90000) + 10000;
  const std::string_view town = writer.town();
  const bool loyal = random.chance(30);
  return fmt::format(R"({{"id":{},"name":"{}","email":"{}@{}","city":"{}","loyal":{}}})", id, name,
                     address, host, town, loyal);
}

struct Visitor {
  std::string address, agent;
};

std::vector<Visitor> draw_visitors(Random& random) {
  constexpr std::array<std::string_view, 6> kAgents{
      "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{0}.0.0.0 Safari/537.36",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/{0}.1 Mobile Safari/604.1",
      "curl/8.{0}.0",
      "ExampleBot/2.{0} (+https://bot.example.com/)",
      "python-requests/2.{0}.1"};
  std::vector<Visitor> visitors(400);
  for (Visitor& visitor : visitors) {
    const std::uint64_t bits = random.next();
    const std::string_view agent = kAgents[random.below(kAgents.size())];
    visitor.address = fmt::format("{}.{}.{}.{}", bits >> 8 & 255, bits >> 16 & 255,
                                  bits >> 24 & 255, bits >> 32 & 255);
    visitor.agent = fmt::format(fmt::runtime(agent), 90 + bits % 40);
  }
  return visitors;
}

std::string log_page(Random& random, ProseWriter& writer) {
  constexpr std::array<std::string_view, 8> kSections{
      "articles", "images", "api/v2/items", "search", "static/js", "users", "cart", "tags"};
  std::string page = writer.short_note();
  std::replace(page.begin(), page.end(), ' ', '-');
  const std::string_view section = kSections[random.below(kSections.size())];
  if (!random.chance(25)) return fmt::format("/{}/{}", section, page);
  return fmt::format("/{}/{}?page={}", section, page, random.below(40));
}

std::string log_time(std::int64_t unix_seconds) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime t = civil_time(unix_seconds);
  return fmt::format("{:02}/{}/{}:{:02}:{:02}:{:02} +0000", t.day, kMonths[t.month - 1], t.year,
                     t.hour, t.minute, t.second);
}

struct Station {
  std::int64_t temperature, pressure, wind;  // tenths of their units
};

// One step of a mean-reverting random walk.
std::int64_t drift(Random& random, std::int64_t value, std::int64_t mean, std::int64_t step) {
  return value + (mean - value) / 16 + random.between(-step, step);
}

}  // namespace

std::vector<std::byte> sample_prose(std::uint64_t size) {
  Random random(0x70726f7365);
  ProseWriter writer(random);
  return lines(size, [&](std::string& text) { append_wrapped(text, writer.paragraph()); });
}

std::vector<std::byte> sample_orders_json(std::uint64_t size) {
  Random random(0x6f7264657273);
  ProseWriter writer(random);
  constexpr std::array<std::string_view, 5> kStates{"shipped", "shipped", "paid", "open",
                                                    "returned"};
  std::int64_t now = 1700000000, number = 482113;
  return lines(size, [&](std::string& text) {
    now += random.between(1, 240);
    const std::string customer = order_customer(random, writer);
    std::string items;
    for (std::uint64_t left = random.below(4) + 1; left > 0; --left) {
      items += order_item(random, writer) + (left > 1 ? "," : "");
    }
    const std::string_view state = kStates[random.below(kStates.size())];
    const std::uint64_t trace = random.next();
    const std::string note =
        random.chance(20) ? fmt::format("\"{}\"", writer.short_note()) : std::string("null");
    text += fmt::format(
        R"({{"order":{},"created":"{}","state":"{}","trace":"{:016x}","customer":{},"items":[{}],"note":{}}})"
        "\n",
        ++number, iso_time(now), state, trace, customer, items, note);
  });
}

std::vector<std::byte> sample_access_log(std::uint64_t size) {
  Random random(0x6c6f67);
  ProseWriter writer(random);
  constexpr std::array<int, 10> kStatus{200, 200, 200, 200, 200, 200, 304, 301, 404, 500};
  const std::vector<Visitor> visitors = draw_visitors(random);
  std::int64_t now = 1712000000;
  return lines(size, [&](std::string& text) {
    now += static_cast<std::int64_t>(random.below(4));
    // The square of a uniform number favours the front of the list: some visitors come often.
    const std::uint64_t place = random.below(20);
    const Visitor& visitor = visitors[place * place + random.below(20)];
    const std::string_view method = random.chance(88) ? "GET" : "POST";
    const std::string page = log_page(random, writer);
    const int status = kStatus[random.below(kStatus.size())];
    const std::uint64_t sent = status == 304 ? 0 : 200 + random.below(60000);
    const std::uint64_t milliseconds = 3 + random.below(900);
    text += fmt::format("{} - - [{}] \"{} {} HTTP/1.1\" {} {} \"-\" \"{}\" {}\n", visitor.address,
                        log_time(now), method, page, status, sent, visitor.agent, milliseconds);
  });
}

std::vector<std::byte> sample_stations_csv(std::uint64_t size) {
  Random random(0x637376);
  std::array<Station, 24> stations{};
  for (Station& one : stations) {
    one = {random.between(-50, 250), random.between(9900, 10300), random.between(0, 120)};
  }
  std::int64_t now = 1680000000;
  std::size_t turn = 0;
  std::string header = "time,station,town,temperature_c,pressure_hpa,wind_m_s,humidity_percent\n";
  return lines(size, [&](std::string& text) {
    text += std::exchange(header, {});
    Station& one = stations[turn];
    one.temperature = drift(random, one.temperature, 110, 9);
    one.pressure = drift(random, one.pressure, 10130, 6);
    one.wind = std::max<std::int64_t>(0, drift(random, one.wind, 40, 12));
    const std::string_view town = demo_vocabulary().towns[turn];
    const std::int64_t cold = one.temperature < 0 ? -one.temperature : one.temperature;
    text +=
        fmt::format("{},S{:03},{},{}{}.{},{}.{},{}.{},{}\n", iso_time(now), 100 + turn * 7, town,
                    one.temperature < 0 ? "-" : "", cold / 10, cold % 10, one.pressure / 10,
                    one.pressure % 10, one.wind / 10, one.wind % 10, random.between(35, 100));
    turn = (turn + 1) % stations.size();
    if (turn == 0) now += 3600;
  });
}

}  // namespace evalzip
